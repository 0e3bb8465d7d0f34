import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allocate } from './allocation.ts';
import { TURN_CASES } from './cases/all-cases.ts';
import type { TransportKind } from './client/connection.ts';
import { createPeer } from './client/peer.ts';
import { createTurnClient } from './client/turn-client.ts';
import { expectDifference, type KnownDifference } from './known-difference.ts';
import type { CaseContext, TurnCase } from './turn-case.ts';
import type { Feature, TurnTarget } from './turn-target.ts';

export interface TurnSuite {
  readonly name: string;
  readonly start: () => Promise<TurnTarget>;
  /** What `start` will provide; cases that need more are left out. */
  readonly features: readonly Feature[];
  /** Only cases that need one of these; all of them by default. */
  readonly only?: readonly Feature[];
  readonly differences?: readonly KnownDifference[];
}

const TRANSPORTS: readonly TransportKind[] = ['udp', 'tcp'];

/** The cases that a suite runs. */
export function casesOf({ features, only }: Pick<TurnSuite, 'features' | 'only'>): readonly TurnCase[] {
  return TURN_CASES.filter(
    ({ needs = [] }) =>
      needs.every((need) => features.includes(need)) &&
      (only === undefined || needs.some((need) => only.includes(need))),
  );
}

/** Declares one test per case and transport against a server that runs as long as they do. */
export function declareTurnSuite(suite: TurnSuite): void {
  const { name, start, differences = [] } = suite;
  describe(`against ${name}`, () => {
    let target: TurnTarget | undefined;
    beforeAll(async () => {
      target = await start();
    });
    afterAll(async () => {
      await target?.stop();
    });

    const cases = casesOf(suite);
    for (const transport of TRANSPORTS) {
      const overTransport = cases.filter(({ transports = TRANSPORTS }) => transports.includes(transport));
      describe.runIf(overTransport.length > 0)(`over ${transport.toUpperCase()}`, () => {
        for (const turnCase of overTransport) {
          const difference = differences.find((known) => isAbout(known, turnCase, transport));
          const { id, title, rule } = turnCase;
          test(`${title} [${id}, ${rule}]${noteOf(difference)}`, async () => {
            expect.hasAssertions();
            if (target === undefined) throw new Error('the server did not start');
            const run = runCase(turnCase, target, transport);
            await (difference === undefined ? run : expectDifference(run, difference));
          });
        }
      });
    }
  });
}

function isAbout(
  { caseId, transports = TRANSPORTS }: KnownDifference,
  { id }: TurnCase,
  transport: TransportKind,
): boolean {
  return caseId === id && transports.includes(transport);
}

function noteOf(difference: KnownDifference | undefined): string {
  return difference === undefined ? '' : ` (known to differ: ${difference.does})`;
}

async function runCase(turnCase: TurnCase, target: TurnTarget, transport: TransportKind): Promise<void> {
  const opened: { readonly close: () => Promise<void> }[] = [];
  const keep = <T extends { readonly close: () => Promise<void> }>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const client: CaseContext['client'] = async (choice = {}) =>
    keep(
      await createTurnClient({
        transport: choice.transport ?? transport,
        host: choice.host ?? target.host,
        port: target.port,
        localPort: choice.localPort,
        credential: choice.credential ?? target.credential,
      }),
    );
  try {
    await turnCase.run({
      target,
      transport,
      client,
      allocated: async (attributes, choice) => allocate(await client(choice), attributes),
      peer: async (host = target.peerHosts[0]) => keep(await createPeer(host)),
    });
  } finally {
    await Promise.all(opened.map((resource) => resource.close()));
  }
}
