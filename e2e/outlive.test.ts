import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { ChromiumGuest, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { listIds, listPeople, waitForPeople } from './call/people.ts';
import { sampleLinks } from './media/link-sample.ts';
import { samplePlayback } from './media/playback-sample.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives, expectMediaPlays } from './media/see-and-hear.ts';
import { blockPort } from './networks/block-port.ts';
import { isIsolated } from './networks/isolation.ts';
import { expectNoMoreGaps } from './outlive/equal-run.ts';
import { readMending, watchMending } from './outlive/mending-watch.ts';
import { makeNewerBuild } from './outlive/newer-build.ts';
import { expectPicturesWithin } from './outlive/picture-return.ts';
import { openChat, say, waitForLines } from './outlive/talk.ts';
import type { Program } from './program/start-program.ts';
import { test, type Stage } from './stage.ts';
import { until } from './until.ts';

/** What browsers write to their console about a server that is away. */
const serverIsAway =
  /net::ERR_|WebSocket connection to|WebSocket is already in CLOSING|Failed to load resource/;

/** What may happen to a server, or to the way to it, and be over again. */
interface Disturbance {
  readonly what: string;
  readonly lastsMs: number;
  begin(program: Program): Promise<() => Promise<void>>;
}

const disturbances: readonly Disturbance[] = [
  {
    what: 'killed and started again',
    lastsMs: 1_000,
    begin: async (program) => {
      await program.kill();
      return () => program.revive();
    },
  },
  {
    what: 'stopped in order and started again',
    lastsMs: 500,
    begin: async (program) => {
      await program.quit();
      return () => program.revive();
    },
  },
  {
    what: 'frozen, and let go on',
    lastsMs: 2_000,
    begin: async (program) => {
      program.freeze();
      return async () => program.thaw();
    },
  },
  ...[1_000, 10_000].map((lastsMs) => ({
    what: `cut off for ${lastsMs / 1_000} s`,
    lastsMs,
    begin: async (program: Program) => blockPort('tcp', program.port),
  })),
];

describe.runIf(isIsolated)('a call on direct paths', () => {
  test(
    'does not notice what happens to its server, and what is said meanwhile is said once',
    {
      timeout: 300_000,
    },
    async ({ stage }) => {
      stage.expectProblem(serverIsAway);
      const program = await stage.startProgram();
      const spare = await stage.startProgram();
      const guests = await enterAll(stage, `${program.origin}/r/calm`, ['Ana', 'Ben']);
      const [ana, ben] = guests;
      for (const guest of guests) await openChat(guest);
      await expectEveryoneSeesAndHears(guests);
      const idsBefore = await Promise.all(guests.map(listIds));
      const connectionsBefore = await Promise.all(guests.map(describeConnections));
      const said: string[] = [];
      const round = async (disturbance: Disturbance, of: Program): Promise<void> => {
        const lines = [`Ana ${said.length}`, `Ben ${said.length + 1}`] as const;
        const end = await disturbance.begin(of);
        await say(ana, lines[0]);
        await sleep(disturbance.lastsMs);
        await end();
        await say(ben, lines[1]);
        said.push(...lines);
        await waitForSameLines(guests, said);
        await sleep(1_000);
      };
      for (const disturbance of disturbances) {
        const { what } = disturbance;
        // An equal run does the same to a server that nobody uses: the machine has as much to do.
        await expectNoMoreGaps(what, guests, {
          calm: () => round(disturbance, spare),
          disturbed: () => round(disturbance, program),
        });
        expect(await Promise.all(guests.map(listIds)), what).toEqual(idsBefore);
        expect(await Promise.all(guests.map(describeConnections)), what).toEqual(connectionsBefore);
      }

      const dora = await stage.invite('chromium', 'Dora');
      await enterCall(dora, `${program.origin}/r/calm`, 'Dora');
      await dora.click('button', `Chat, ${said.length} new`);
      await waitForLines([dora], await readSaid(ana));
      await waitForPeople(dora, 3);
    },
  );
});

describe('a call that goes through the relay of the server', () => {
  test('has its pictures again soon after the server is back', async ({ stage }) => {
    stage.expectProblem(serverIsAway);
    const program = await stage.startProgram();
    const guests = await enterAll(stage, `${program.origin}/r/relayed?transport=relay`, ['Ana', 'Ben']);
    await expectEveryoneSeesAndHears(guests);
    const credentialsBefore = await Promise.all(guests.map(readUserNames));
    await expectPicturesWithin('relayed, killed', 5_000, guests, async () => {
      await Promise.all(guests.map(watchMending));
      const killedAtMs = performance.now();
      await program.kill();
      await sleep(1_000);
      await program.revive();
      // The target counts from the restart.
      return performance.now() - killedAtMs;
    });
    // Both were told that the relay is another one: one side has begun anew, and the connection is the same. Where both began
    // in the same moment, one of the offers was taken back.
    const mended = await Promise.all(guests.map(readMending));
    expect(mended.map(({ connections }) => connections)).toEqual([1, 1]);
    expect(mended.filter(({ restarts }) => restarts.at(-1)?.offered)).toHaveLength(1);
    for (const { restarts } of mended) expect(restarts.length).toBeLessThan(4);
    for (const [place, guest] of guests.entries()) {
      expect(await readUserNames(guest)).not.toEqual(credentialsBefore[place]);
      expect(await listPeople(guest)).toHaveLength(2);
    }
  });
});

describe('a page that is reloaded in mid-call', () => {
  test('is back in the call by itself, and one that is closed is gone at once', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ana, `${program.origin}/r/again`, 'Ana');
    await enterCall(ben, `${program.origin}/r/again`, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
    await ana.click('switch', 'Mic');
    for (const guest of [ana, ben]) await openChat(guest);
    await say(ana, 'Ana 1');
    await waitForLines([ana, ben], ['Ana 1']);
    const idsBefore = await Promise.all([ana, ben].map(listIds));
    const startBeforeMs = await readStartMs(ana);
    await ana.reload();
    await waitForNewConnection(ben);
    // The clock goes on. It shows whole seconds.
    expect(Math.abs((await readStartMs(ana)) - startBeforeMs)).toBeLessThan(1_500);
    // Nobody has touched the page, but a camera is on in it: browsers let such a page be heard.
    expect(await ana.count('button', 'Tap to hear')).toBe(0);
    await expectMediaPlays(ana, 1);
    await expectMediaArrives(ana, 1);
    await until('Ben to see Ana as she was, and nobody else', async () => {
      const people = await listPeople(ben);
      const [, other] = people;
      const found =
        people.length === 2 &&
        other?.microphone === 'off' &&
        other.camera === 'on' &&
        other.link === 'connected';
      return found ? { found, value: null } : { found, seen: people };
    });
    // The same person at the same place, whose line is still their own.
    expect(await Promise.all([ana, ben].map(listIds))).toEqual(idsBefore);
    await openChat(ana);
    expect(await countOwnLines(ana)).toBe(1);
    await ana.close();
    await waitForPeople(ben, 1, 3_000);
  });

  test('is heard after one tap where the browser holds the sound back', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ben, `${program.origin}/r/quiet`, 'Ben');
    await ana.open(`${program.origin}/r/quiet`);
    await ana.fill('textbox', 'Your name', 'Ana');
    await ana.click('button', 'Just listen');
    await ana.waitFor('toolbar', 'Call controls');
    await expectMediaPlays(ana, 1);
    expect(await ana.count('button', 'Tap to hear')).toBe(0);
    await ana.reload();
    await waitForNewConnection(ben);
    await ana.waitFor('button', 'Tap to hear');
    const { soundTrackIds } = await samplePlayback(ana);
    expect(soundTrackIds).toEqual([]);
    await ana.click('button', 'Tap to hear');
    await expectMediaPlays(ana, 1);
    expect(await ana.count('button', 'Tap to hear')).toBe(0);
  });
});

describe('a server that has forgotten its rooms', () => {
  test.runIf(isIsolated)(
    'has everybody again, and their pages say that the room began afresh',
    async ({ stage }) => {
      stage.expectProblem(serverIsAway);
      const program = await stage.startProgram({ flags: ['--grace', '2'] });
      const guests = await enterAll(stage, `${program.origin}/r/forgotten`, ['Ana', 'Ben']);
      for (const guest of guests) await openChat(guest);
      await say(guests[0], 'before');
      await waitForLines(guests, ['before']);
      await program.kill();
      await program.revive({ forgetful: true });
      for (const guest of guests) {
        await guest.waitForText('The server has begun this room afresh.');
        await waitForPeople(guest, 2);
      }
      await expectEveryoneSeesAndHears(guests);
      await say(guests[1], 'after');
      await waitForLines(guests, ['before', 'after']);

      // The same by a way that was gone for longer than anybody was waited for.
      const open = await blockPort('tcp', program.port);
      await sleep(5_000);
      await open();
      for (const guest of guests) await waitForPeople(guest, 2);
      await say(guests[0], 'at last');
      await waitForLines(guests, ['before', 'after', 'at last']);
      await expectEveryoneSeesAndHears(guests);
    },
  );
});

describe('a server that is replaced by a newer build', () => {
  test('leaves open pages what they still need, and they offer to reload after the call', async ({
    stage,
  }) => {
    stage.expectProblem(serverIsAway);
    const program = await stage.startProgram();
    const [ana, ben] = await enterAll(stage, `${program.origin}/r/newer`, ['Ana', 'Ben']);
    await expectEveryoneSeesAndHears([ana, ben]);
    for (const guest of [ana, ben]) await waitForParts(guest);
    await program.quit();
    await program.revive({ main: await makeNewerBuild() });
    await ana.waitForText('A newer version of this page is here. Reload it after the call.');
    await expectEveryoneSeesAndHears([ana, ben]);
    // A part that this page had not needed until now, and that the server no longer has.
    await ana.click('button', 'More');
    await ana.click('menuitem', 'Invite with a QR code');
    await until('the code to be drawn', async () => {
      const found = await ana.evaluate(() => document.querySelector('dialog[open] svg path') !== null, null);
      return found ? { found, value: null } : { found, seen: found };
    });
    await ana.press('Escape');
    await ana.click('button', 'Leave');
    await ana.click('button', 'Reload');
    await ana.waitFor('button', 'Join');
    expect(
      await ana.evaluate(() => document.querySelector('script[src]')?.getAttribute('src'), null),
    ).toContain('-newer.js');
  });
});

async function enterAll(
  stage: Stage,
  url: string,
  names: readonly [string, string],
): Promise<[ChromiumGuest, ChromiumGuest]> {
  const guests = await Promise.all([stage.invite('chromium', names[0]), stage.invite('chromium', names[1])]);
  await enterCall(guests[0], url, names[0]);
  await enterCall(guests[1], url, names[1]);
  await expectEveryoneSeesAndHears(guests);
  return guests;
}

/** Waits until the page has fetched what it may need later: the last of it is a sheet of the part that is used below. */
async function waitForParts(guest: Guest): Promise<void> {
  await until(`${guest.label} to have fetched its parts`, async () => {
    const seen = await guest.evaluate(
      () =>
        performance
          .getEntriesByType('resource')
          .flatMap((entry) =>
            entry instanceof PerformanceResourceTiming && entry.responseStatus === 200 ? [entry.name] : [],
          ),
      null,
    );
    const found = [/qr-code[^/]*\.css$/, /qr-code[^/]*\.js$/, /zh-cn[^/]*\.js$/].every((part) =>
      seen.some((name) => part.test(name)),
    );
    return found ? { found, value: null } : { found, seen };
  });
}

/** Waits, without a look into the other's page, until a guest has a connection in the place of the first, and it is up. */
async function waitForNewConnection(guest: Guest): Promise<void> {
  await until(
    `${guest.label} to have a new connection`,
    async () => {
      const links = await sampleLinks(guest);
      const [link] = links;
      const found = links.length === 1 && link !== undefined && link.index > 0 && link.state === 'connected';
      return found ? { found, value: null } : { found, seen: links };
    },
    40_000,
  );
}

/** When a guest came in, by the clock of their call. */
function readStartMs(guest: Guest): Promise<number> {
  return guest.evaluate(() => {
    const text = document.querySelector('[role="timer"]')?.textContent ?? '';
    const seconds = text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return Date.now() - seconds * 1_000;
  }, null);
}

/** How many lines of the chat the page shows as its own person's. */
function countOwnLines(guest: Guest): Promise<number> {
  return guest.evaluate(() => document.querySelectorAll('[role="log"] [data-author="self"]').length, null);
}

/** The user names by which a page's connections would ask for a relay now. */
function readUserNames(guest: Guest): Promise<(string | undefined)[]> {
  return guest.evaluate(
    () =>
      window.callboxProbe.connections.flatMap((connection) =>
        (connection.getConfiguration().iceServers ?? []).map(({ username }) => username),
      ),
    null,
  );
}

/** The connections of a page, by what changes with a new one and with a restart of ICE. */
function describeConnections(guest: Guest): Promise<(string | undefined)[]> {
  return guest.evaluate(
    () =>
      window.callboxProbe.connections.map(
        (connection) => /a=ice-ufrag:(\S+)/.exec(connection.localDescription?.sdp ?? '')?.[1],
      ),
    null,
  );
}

/** Waits until every guest has read exactly these lines, each once, and all in one order. */
async function waitForSameLines(guests: readonly Guest[], texts: readonly string[]): Promise<void> {
  await until(`everybody to have read ${texts.join(', ')}`, async () => {
    const logs = await Promise.all(guests.map(readSaid));
    const isWhole = [...(logs[0] ?? [])].sort().join() === [...texts].sort().join();
    const found = isWhole && logs.every((log) => log.join() === logs[0]?.join());
    return found ? { found, value: null } : { found, seen: logs };
  });
}

/** The lines that this test says, as a guest's page shows them. */
function readSaid(guest: Guest): Promise<string[]> {
  return guest.evaluate(
    () =>
      [...document.querySelectorAll('[role="log"] [data-author]')].flatMap(
        (line) => /(?:Ana|Ben) \d+/.exec(line.textContent)?.[0] ?? [],
      ),
    null,
  );
}
