import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { listIds, listPeople, waitForPeople, waitForPerson } from './call/people.ts';
import { sampleLinks } from './media/link-sample.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives } from './media/see-and-hear.ts';
import type { Host } from './networks/internet/create-internet.ts';
import { isIsolated } from './networks/isolation.ts';
import { watchAll } from './outlive/equal-run.ts';
import { readMending, watchMending } from './outlive/mending-watch.ts';
import { note } from './outlive/note.ts';
import { openChat, say, waitForLines } from './outlive/talk.ts';
import type { Program } from './program/start-program.ts';
import { createTestAuthority } from './program/test-authority.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** What browsers write to their console about a way to the server that is gone. */
const wayIsGone = /net::ERR_|WebSocket connection to|WebSocket is already in CLOSING|Failed to load resource/;

const minuteMs = 60_000;

/**
 * Two calls of the same two people at once, so that a minute is waited for once: `patient` is one whose server waits for
 * longer than that, `usual` is one whose server waits as long as it does unless told otherwise. Ana's network lets no TCP
 * through for a minute, so that she has media and no server. Direct paths are closed at first, and open by then.
 */
describe.runIf(isIsolated)('somebody who has no server for a minute', () => {
  test(
    'has lost nothing where the server waits, and is back by themselves where it does not; and a detour ends when it need not be',
    { timeout: 240_000 },
    async ({ stage }) => {
      stage.expectProblem(wayIsGone);
      const internet = await stage.createInternet({
        sites: [
          { hosts: ['patient', 'usual'], translation: 'none', families: ['ipv4'] },
          { hosts: ['ana'], translation: 'none', families: ['ipv4'] },
          { hosts: ['ben'], translation: 'none', families: ['ipv4'] },
        ],
      });
      await internet.separate('ben', 'ana');
      const authority = await createTestAuthority();
      const start = async (host: Host, flags: readonly string[]) => ({
        host,
        program: await stage.startProgram({
          host,
          certificate: await authority.certify([], [host.ipv4 ?? '']),
          flags: ['--public-address', host.ipv4 ?? '', ...flags],
        }),
      });
      const enter = async (name: string, { host }: { readonly host: Host }): Promise<Guest> => {
        const place = internet.host(name.toLowerCase());
        const guest = await stage.invite('chromium', name, { host: place, trustedAuthority: authority.pem });
        await enterCall(guest, `https://${host.ipv4}/r/minute`, name);
        await openChat(guest);
        return guest;
      };
      const call = async (name: string, flags: readonly string[]) => {
        const server = await start(internet.host(name), flags);
        const guests = [await enter('Ana', server), await enter('Ben', server)] as const;
        return { program: server.program, guests };
      };
      const [patient, usual] = await Promise.all([call('patient', ['--grace', '90']), call('usual', [])]);
      const { guests: inPatient } = patient;
      const { guests: inUsual } = usual;
      await Promise.all([inPatient, inUsual].map((guests) => expectEveryoneSeesAndHears(guests)));
      const [ana, ben] = inPatient;
      const [usualAna, usualBen] = inUsual;
      // Whichever relay carries the media, the way to it is UDP: TCP is about to be cut.
      for (const guest of inPatient) await waitForWay(guest, 'relayed');
      const idsBefore = await Promise.all(inPatient.map(listIds));
      const [calm] = await watchAll([ana], () => sleep(2_000));
      const relayedPerSecond = await relayRate(patient.program);
      expect(relayedPerSecond).toBeGreaterThan(50);

      await internet.setFirewall('ana', { kind: 'tcp-blocked' });
      const cutAtMs = performance.now();
      const [dark] = await watchAll([ana], async () => {
        await say(ana, 'out of the dark');
        await say(ben, 'into the dark');
        await say(usualAna, 'nobody waits for this');
        for (const guest of [ana, usualAna])
          await guest.waitForText('The server is out of reach. The call goes on, and we keep trying.');
        // Gone, and not only away, once the grace is over; what is said then is for those who come back.
        await waitForPeople(usualBen, 1, 45_000);
        await say(usualBen, 'where are you');
        await sleep(Math.max(0, minuteMs - (performance.now() - cutAtMs)));
      });
      note(
        `a minute without the server: longest gap ${Math.round(dark?.longestGapMs ?? 0)} ms (calm: ${Math.round(calm?.longestGapMs ?? 0)} ms)`,
      );
      expect(dark?.longestGapMs).toBeLessThan(Math.max(3_000, 5 * (calm?.longestGapMs ?? 0)));
      // It is time to look for a direct way, but that could not be answered: nobody has, and nothing was built anew.
      for (const guest of inPatient) await waitForWay(guest, 'relayed');
      await Promise.all(inPatient.map(watchMending));

      await internet.separate('ben', null);
      await internet.setFirewall('ana', { kind: 'open' });
      const openAtMs = performance.now();
      await waitForLines(inPatient, ['into the dark', 'out of the dark'], 60_000);
      note(`after that minute: all was said ${Math.round(performance.now() - openAtMs)} ms later`);
      expect(await Promise.all(inPatient.map(listIds))).toEqual(idsBefore);
      await waitForPerson(ben, 'Ana', 'as connected', ({ link }) => link === 'connected');

      for (const guest of inUsual) await waitForPeople(guest, 2, 60_000);
      await expectEveryoneSeesAndHears(inUsual);
      await waitForLines(inUsual, ['where are you']);
      await usualAna.waitForText('Not sent. Send it again.');

      for (const guest of inPatient) await waitForWay(guest, 'direct', 60_000);
      for (const guest of inPatient) await expectMediaArrives(guest, 1);
      // What still goes by the relay keeps a way open that is no longer needed.
      await until('the relay to have next to nothing to do', async () => {
        const seen = await relayRate(patient.program);
        return seen < relayedPerSecond / 4 ? { found: true, value: seen } : { found: false, seen };
      });
      expect(await Promise.all(inPatient.map(listIds))).toEqual(idsBefore);
      const mended = await Promise.all(inPatient.map(readMending));
      // Ben, who came later, is the one who looks.
      expect(mended.map(({ restarts }) => restarts[0]?.offered)).toEqual([false, true]);
      expect(mended.map(({ connections }) => connections)).toEqual([1, 1]);
      for (const guest of inPatient) {
        expect((await listPeople(guest))[1]?.path).toBe('direct');
      }
    },
  );
});

/** How many packets a second a relay takes from browsers and gives them, over the next two seconds. */
async function relayRate(program: Program): Promise<number> {
  const count = async () =>
    Object.entries(await program.figures())
      .filter(([name]) => /^packets_(?:from|to)_clients_/.test(name))
      .reduce((sum, [, value]) => sum + value, 0);
  const before = await count();
  await sleep(2_000);
  return ((await count()) - before) / 2;
}

/** Waits until the media of a page's one connection goes directly, or by a relay and there over UDP, by the browser's word. */
async function waitForWay(guest: Guest, wanted: 'direct' | 'relayed', deadlineMs?: number): Promise<void> {
  await until(
    `the media of ${guest.label} to be ${wanted}`,
    async () => {
      const [link] = await sampleLinks(guest);
      const path = link?.path ?? null;
      if (path === null) return { found: false, seen: link };
      const isRelayed = path.local.type === 'relay' || path.remote.type === 'relay';
      const isUdp = path.local.type !== 'relay' || path.local.relayProtocol === 'udp';
      const found = wanted === 'relayed' ? isRelayed && isUdp : !isRelayed;
      return found ? { found, value: null } : { found, seen: path };
    },
    deadlineMs,
  );
}
