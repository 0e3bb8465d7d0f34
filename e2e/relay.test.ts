import { describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPerson } from './call/people.ts';
import { sampleLinks } from './media/link-sample.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { blockPort, isIsolated } from './networks/firewall.ts';
import { test } from './stage.ts';

const pairs: [BrowserKind, BrowserKind][] = [
  ['chromium', 'chromium'],
  ['firefox', 'firefox'],
  ['chromium', 'firefox'],
];

describe('a call of which the relay carries everything', () => {
  test.for(pairs)('%s and %s are joined over UDP', async ([first, second], { stage }) => {
    const program = await stage.startProgram();
    const [ana, ben] = await Promise.all([stage.invite(first, 'Ana'), stage.invite(second, 'Ben')]);
    const url = `${program.origin}/r/relayed?transport=relay`;
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
    for (const guest of [ana, ben]) await expectRelayed(guest, 'udp');
    await waitForPerson(ana, 'Ben', 'over the relay', (person) => person.path === 'relayed');
  });

  test.for(pairs)(
    '%s and %s are joined over TCP on the port of the page, where nothing else comes through',
    async ([first, second], { stage, skip }) => {
      if (!isIsolated) skip('the rules of this machine are not ours to change');
      const program = await stage.startProgram();
      const [ana, ben] = await Promise.all([stage.invite(first, 'Ana'), stage.invite(second, 'Ben')]);
      const open = [await blockPort('udp', program.turnPort), await blockPort('tcp', program.turnPort)];
      try {
        const url = `${program.origin}/r/relayed?transport=relay`;
        await enterCall(ana, url, 'Ana');
        await enterCall(ben, url, 'Ben');
        await expectEveryoneSeesAndHears([ana, ben]);
        for (const guest of [ana, ben]) await expectRelayed(guest, 'tcp');
      } finally {
        await Promise.all(open.map((unblock) => unblock()));
      }
    },
  );
});

/** Asserts that a guest's only connection goes out through a relay, reached over `protocol`, and comes in from one. */
async function expectRelayed(guest: Guest, protocol: 'udp' | 'tcp'): Promise<void> {
  const links = await sampleLinks(guest);
  expect(links).toHaveLength(1);
  expect(links[0]?.path?.local).toMatchObject({ type: 'relay', relayProtocol: protocol });
  expect(links[0]?.path?.remote.type).toBe('relay');
}
