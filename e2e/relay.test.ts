import { beforeAll, describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPerson } from './call/people.ts';
import { sampleLinks } from './media/link-sample.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { blockPort } from './networks/block-port.ts';
import { isIsolated, machineAddress, machineName } from './networks/isolation.ts';
import type { ProgramOptions } from './program/start-program.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';
import { until } from './until.ts';

const pairs: [BrowserKind, BrowserKind][] = [
  ['chromium', 'chromium'],
  ['firefox', 'firefox'],
  ['chromium', 'firefox'],
];

let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName], [machineAddress]);
});

/** The pages are those of a bare address: it has no `turns:`, so that what is left where UDP is blocked is TCP. */
describe.runIf(isIsolated)('a call of which the relay carries everything', () => {
  // One URL, so that the way is certain: of several that work at once, Chromium does not always come back to the best.
  test.for(pairs)('%s and %s are joined over UDP', async (pair, { stage }) => {
    const flags: ProgramOptions['flags'] = ({ turnPort }) => [
      '--turn-url',
      `turn:${machineAddress}:${turnPort}?transport=udp`,
    ];
    const program = await stage.startProgram({ certificate, flags });
    const guests = await joinByRelay(stage, pair, `https://${machineAddress}:${program.port}`);
    await expectRelayed(guests, 'udp');
    await waitForPerson(guests[0], 'Ben', 'as relayed', (person) => person.path === 'relayed');
  });

  test.for(pairs)('%s and %s are joined by way of two processes', async (pair, { stage }) => {
    const flags: ProgramOptions['flags'] = ({ turnPort }) => [
      '--turn-url',
      `turn:${machineAddress}:${turnPort}?transport=udp`,
      '--relay-workers',
      '2',
    ];
    const program = await stage.startProgram({ certificate, flags });
    const guests = await joinByRelay(stage, pair, `https://${machineAddress}:${program.port}`);
    await expectRelayed(guests, 'udp');
    const before = await program.workers();
    expect(before).toHaveLength(2);
    await until('both processes to carry the call', async () => {
      const now = await program.workers();
      const carried = now.map(({ packets }, place) => packets - (before[place]?.packets ?? 0));
      const found = carried.every((packets) => packets > 200);
      return found ? { found, value: null } : { found, seen: { before, now } };
    });
    await expectEveryoneSeesAndHears(guests);
  });

  test('who opens the page at the server itself, with Firefox, has a relay as well', async ({ stage }) => {
    const program = await stage.startProgram();
    const [ana] = await joinByRelay(stage, ['firefox', 'chromium'], program.origin);
    await waitForPerson(ana, 'Ben', 'as relayed', (person) => person.path === 'relayed');
  });

  test.for(pairs)(
    '%s and %s are joined over TCP on the port of the page, where nothing else comes through',
    async (pair, { stage }) => {
      const program = await stage.startProgram({ certificate });
      const unblock = [await blockPort('udp', program.turnPort), await blockPort('tcp', program.turnPort)];
      try {
        const guests = await joinByRelay(stage, pair, `https://${machineAddress}:${program.port}`);
        await expectRelayed(guests, 'tcp');
      } finally {
        for (const open of unblock) await open();
      }
    },
  );

  test.for(pairs)('%s and %s are joined over TLS on the port of the page', async (pair, { stage }) => {
    const flags: ProgramOptions['flags'] = ({ port }) => [
      '--turn-url',
      `turns:${machineName}:${port}?transport=tcp`,
    ];
    const program = await stage.startProgram({ certificate, flags });
    const guests = await joinByRelay(stage, pair, `https://${machineName}:${program.port}`);
    await expectRelayed(guests, 'tls');
  });
});

/** Brings two guests into one room, relay only, and waits until they see and hear each other. */
async function joinByRelay(
  stage: Stage,
  kinds: [BrowserKind, BrowserKind],
  origin: string,
): Promise<[Guest, Guest]> {
  const [ana, ben] = await Promise.all([
    stage.invite(kinds[0], 'Ana', { trustedAuthority }),
    stage.invite(kinds[1], 'Ben', { trustedAuthority }),
  ]);
  const url = `${origin}/r/relayed?transport=relay`;
  await enterCall(ana, url, 'Ana');
  await enterCall(ben, url, 'Ben');
  await expectEveryoneSeesAndHears([ana, ben]);
  return [ana, ben];
}

/**
 * Waits until the only connection of every guest goes out through a relay that is reached over `protocol`. The first
 * pair of addresses that works need not be the best, to which browsers turn a moment later.
 */
async function expectRelayed(guests: readonly Guest[], protocol: 'udp' | 'tcp' | 'tls'): Promise<void> {
  for (const guest of guests) {
    await until(`${guest.label} to use a relay over ${protocol}`, async () => {
      const links = await sampleLinks(guest);
      const own = links[0]?.path?.local;
      const found = links.length === 1 && own?.type === 'relay' && own.relayProtocol === protocol;
      return found ? { found, value: null } : { found, seen: links };
    });
  }
}
