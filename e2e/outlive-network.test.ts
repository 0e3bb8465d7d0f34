import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { listPeople, waitForPeople } from './call/people.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated } from './networks/isolation.ts';
import { note } from './outlive/note.ts';
import { readFrames, watchFrames } from './outlive/frame-watch.ts';
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

/** Waits until pictures flow again on every page, after a gap. @returns the longest gap of each page. */
async function waitForPictures(guests: readonly Guest[]): Promise<number[]> {
  return until(
    'everybody to have had a gap, and pictures again',
    async () => {
      const reports = await Promise.all(guests.map(readFrames));
      const found = reports.every(({ longestGapMs, stillMs }) => longestGapMs > 500 && stillMs < 1_000);
      return found
        ? { found, value: reports.map(({ longestGapMs }) => Math.round(longestGapMs)) }
        : { found, seen: reports };
    },
    60_000,
  );
}

describe.runIf(isIsolated)('a browser whose address changes in mid-call', () => {
  test.for([
    ['on a direct path', '', 3_000],
    ['by the relay', '?transport=relay', 5_000],
  ] as const)('%s has its pictures again soon', async ([what, query, targetMs], { stage }) => {
    stage.expectProblem(wayIsGone);
    const { internet, program, guests } = await startScene(stage, query);
    await Promise.all(guests.map(watchFrames));
    await internet.changeAddress('ana', 77);
    const gaps = await waitForPictures(guests);
    note(`address changed ${what}: no pictures for ${gaps.join(' and ')} ms (aim: ${targetMs})`);
    // Several times the aim, for machines with two busy cores.
    for (const gap of gaps) expect(gap).toBeLessThan(4 * targetMs);
    await expectEveryoneSeesAndHears(guests);
    for (const guest of guests) expect(await listPeople(guest)).toHaveLength(2);
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
