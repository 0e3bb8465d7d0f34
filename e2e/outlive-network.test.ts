import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { listPeople, waitForPeople } from './call/people.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated } from './networks/isolation.ts';
import { watchFrames } from './outlive/frame-watch.ts';
import { readMending, watchMending } from './outlive/mending-watch.ts';
import { note } from './outlive/note.ts';
import { expectPicturesWithin, waitForPictures } from './outlive/picture-return.ts';
import { createTestAuthority } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';
import { until } from './until.ts';

/** What browsers write to their console about a way to the server that is gone. */
const wayIsGone = /net::ERR_|WebSocket connection to|WebSocket is already in CLOSING|Failed to load resource/;

/** A server, and a guest each at two other places of a little internet, in a call. */
async function startScene(stage: Stage, query: string, flags: readonly string[] = []) {
  const internet = await stage.createInternet({
    sites: [
      { hosts: ['server'], translation: 'none', families: ['ipv4'] },
      { hosts: ['ana'], translation: 'none', families: ['ipv4'] },
      { hosts: ['ben'], translation: 'none', families: ['ipv4'] },
    ],
  });
  const server = internet.host('server');
  const authority = await createTestAuthority();
  const program = await stage.startProgram({
    host: server,
    certificate: await authority.certify([], [server.ipv4 ?? '']),
    flags: ['--public-address', server.ipv4 ?? '', ...flags],
  });
  const enter = async (name: string): Promise<Guest> => {
    const host = internet.host(name.toLowerCase());
    const guest = await stage.invite('chromium', name, { host, trustedAuthority: authority.pem });
    await enterCall(guest, `https://${server.ipv4}/r/moving${query}`, name);
    return guest;
  };
  const guests = [await enter('Ana'), await enter('Ben')] as const;
  await expectEveryoneSeesAndHears(guests);
  return { internet, program, guests };
}

describe.runIf(isIsolated)('a browser whose address changes in mid-call', () => {
  test.for([
    ['on a direct path', '', 3_000],
    ['by the relay', '?transport=relay', 5_000],
  ] as const)('%s has its pictures again soon', async ([what, query, targetMs], { stage }) => {
    stage.expectProblem(wayIsGone);
    const { internet, program, guests } = await startScene(stage, query);
    await expectPicturesWithin(`address changed ${what}`, targetMs, guests, async (attempt) => {
      await internet.changeAddress('ana', 76 + attempt);
      return 0;
    });
    await expectEveryoneSeesAndHears(guests);
    for (const guest of guests) expect(await listPeople(guest)).toHaveLength(2);
    expect(program.output()).not.toContain('participant-left');
  });
});

describe.runIf(isIsolated)('a network that is away for longer than a try to mend takes', () => {
  test('is back with the second try, which one side makes, and later than at once', async ({ stage }) => {
    stage.expectProblem(wayIsGone);
    // Without a relay, media has no way at all where UDP has none.
    const flags = ['--roles', 'signaling,web'];
    const { internet, program, guests } = await startScene(stage, '', flags);
    await Promise.all(guests.map(watchMending));
    await Promise.all(guests.map(watchFrames));
    await internet.setFirewall('ana', { kind: 'udp-blocked' });
    const readAll = () => Promise.all(guests.map(readMending));
    const untilTry = (count: number) =>
      until(
        `try ${count} to mend`,
        async () => {
          const seen = await readAll();
          const found = seen.every(({ restarts }) => restarts.length >= count);
          return found ? { found, value: seen } : { found, seen };
        },
        60_000,
      );
    await untilTry(2);
    await internet.setFirewall('ana', { kind: 'open' });
    await waitForPictures(guests);
    await expectEveryoneSeesAndHears(guests);
    const mended = await readAll();
    note(
      `mended after ${mended.map(({ restarts }) => restarts.map(({ atMs }) => Math.round(atMs)).join(', ')).join(' and ')} ms`,
    );
    for (const [place, { connections, restarts }] of mended.entries()) {
      expect(connections).toBe(1);
      const pauses = restarts.slice(1).map(({ atMs }, index) => atMs - (restarts[index]?.atMs ?? 0));
      // The first try has five seconds, and the second eight, which heals; a machine out of breath may need a third.
      expect(pauses[0]).toBeGreaterThan(4_000);
      expect(pauses[1] ?? Infinity).toBeGreaterThan(7_000);
      expect(restarts.length).toBeLessThan(4);
      const other = mended[1 - place];
      expect(restarts.map(({ offered }) => offered)).toEqual(other?.restarts.map(({ offered }) => !offered));
    }
    expect(program.output()).not.toContain('participant-left');
  });
});

describe.runIf(isIsolated)('a browser that was asleep', () => {
  test('is in the call again soon after it wakes, in its seat or, past the grace, in another', async ({
    stage,
  }) => {
    stage.expectProblem(wayIsGone);
    const { internet, program, guests } = await startScene(stage, '', ['--grace', '2']);
    for (const [asleepMs, keepsSeat] of [
      [3_000, true],
      [20_000, false],
    ] as const) {
      await watchFrames(guests[1]);
      await internet.signalBrowsers('ana', 'STOP');
      await sleep(asleepMs);
      await internet.signalBrowsers('ana', 'CONT');
      const wokenAtMs = performance.now();
      await waitForPictures([guests[1]]);
      await expectEveryoneSeesAndHears(guests);
      note(
        `asleep for ${asleepMs} ms: all is well ${Math.round(performance.now() - wokenAtMs)} ms after waking`,
      );
      for (const guest of guests) await waitForPeople(guest, 2);
      expect(/participant-left/.test(program.output())).toBe(!keepsSeat);
    }
  });
});
