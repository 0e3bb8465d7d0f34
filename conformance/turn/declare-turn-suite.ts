import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allocate } from './allocation.ts';
import { TURN_CASES } from './cases/all-cases.ts';
import type { TransportKind } from './client/connection.ts';
import { createPeer } from './client/peer.ts';
import { createTurnClient } from './client/turn-client.ts';
import { expectDifference, type KnownDifference } from './known-difference.ts';
import { isAbout, type CaseContext, type TurnCase } from './turn-case.ts';
import type { Feature, TurnTarget } from './turn-target.ts';

export interface TurnSuite {
  readonly name: string;
  readonly start: () => Promise<TurnTarget>;
  /** What `start` will provide; cases that need more are left out. */
  readonly features: readonly Feature[];
  /** Only cases that need one of these; all of them by default. */
  readonly only?: readonly Feature[];
  readonly differences?: readonly KnownDifference[];
  /** How clients come to the server; UDP and TCP by default. TLS needs the target's `tlsPort`. */
  readonly transports?: readonly TransportKind[];
  /** Clients come over IPv6, to the target's `host6`. */
  readonly isOverIpv6?: boolean;
}

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
  const { name, start, differences = [], transports = ['udp', 'tcp'], isOverIpv6 = false } = suite;
  describe(`against ${name}`, () => {
    let target: TurnTarget | undefined;
    beforeAll(async () => {
      target = await start();
    });
    afterAll(async () => {
      await target?.stop();
    });

    const cases = casesOf(suite);
    for (const transport of transports) {
      const overTransport = cases.filter((turnCase) => isAbout(turnCase.transports, transport));
      describe.runIf(overTransport.length > 0)(`over ${transport.toUpperCase()}`, () => {
        for (const turnCase of overTransport) {
          const { id, title, rule } = turnCase;
          const difference = differences.find(
            (known) => known.caseId === id && isAbout(known.transports, transport),
          );
          test(`${title} [${id}, ${rule}]${noteOf(difference)}`, async () => {
            expect.hasAssertions();
            if (target === undefined) throw new Error('the server did not start');
            const host = isOverIpv6 ? (target.host6 ?? '') : target.host;
            const run = runCase(turnCase, target, { transport, host });
            await (difference === undefined ? run : expectDifference(run, difference));
          });
        }
      });
    }
  });
}

function noteOf(difference: KnownDifference | undefined): string {
  return difference === undefined ? '' : ` (known to differ: ${difference.does})`;
}

async function runCase(
  turnCase: TurnCase,
  target: TurnTarget,
  { transport, host }: { readonly transport: TransportKind; readonly host: string },
): Promise<void> {
  const opened: { readonly close: () => Promise<void> }[] = [];
  const keep = <T extends { readonly close: () => Promise<void> }>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const client: CaseContext['client'] = async (choice = {}) => {
    const chosen = choice.transport ?? transport;
    const port = chosen === 'tls' ? target.tlsPort : target.port;
    if (port === undefined) throw new Error('the target does not speak TLS');
    return keep(
      await createTurnClient({
        transport: chosen,
        host: choice.host ?? host,
        port,
        localPort: choice.localPort,
        credential: choice.credential ?? target.credential,
      }),
    );
  };
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
