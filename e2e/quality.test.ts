import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { Guest, GuestOptions } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPerson } from './call/people.ts';
import { readLadder, watchLadder, type Rung } from './media/ladder.ts';
import { sampleReceived, type Received } from './media/received.ts';
import { readVoice } from './media/sent-voice.ts';
import { writeNoise } from './media/write-noise.ts';
import { isIsolated } from './networks/isolation.ts';
import { note } from './outlive/note.ts';
import { createTestAuthority } from './program/test-authority.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** What browsers write to their console about a way to the server that loses packets. */
const wayIsBad = /net::ERR_|WebSocket connection to|WebSocket is already in CLOSING|Failed to load resource/;
const tightWords = 'Your connection will hardly carry one more person. Without your picture it will.';
const voiceWords = 'Your connection is too weak for pictures just now. Everyone still hears you.';
/** Fifteen seconds are plenty for each step on an idle machine. */
const deadlineMs = 90_000;

/** Waits until what arrives at a guest between two looks is as it should be. */
function waitForReceived(
  guest: Guest,
  what: string,
  holds: (grown: Received, now: Received) => boolean,
): Promise<void> {
  let before: Received | null = null;
  return until(
    `${guest.label} to receive ${what}`,
    async () => {
      const now = await sampleReceived(guest);
      // Two seconds hold some tens of packets of the voice, which is enough to tell it from silence.
      if (before !== null && now.atMs - before.atMs < 2_000) return { found: false, seen: now };
      const grown = before === null ? null : differenceOf(before, now);
      before = now;
      return grown !== null && holds(grown, now)
        ? { found: true, value: undefined }
        : { found: false, seen: { grown, now } };
    },
    deadlineMs,
  );
}

function differenceOf(before: Received, now: Received): Received {
  return {
    atMs: now.atMs - before.atMs,
    voiceBytes: now.voiceBytes - before.voiceBytes,
    framesDecoded: now.framesDecoded - before.framesDecoded,
    pictureBytes: now.pictureBytes - before.pictureBytes,
    frameHeight: now.frameHeight,
  };
}

function waitForWords(guest: Guest, words: string, areThere: boolean): Promise<void> {
  return until(
    `${guest.label} to be told ${areThere ? '' : 'no longer '}"${words}"`,
    async () => {
      // What screen readers were told stays where they were told it.
      const notices = await guest.evaluate(
        () => [...document.querySelectorAll('.notice__text')].map(({ textContent }) => textContent),
        null,
      );
      return notices.some((text) => text.includes(words)) === areThere
        ? { found: true, value: undefined }
        : { found: false, seen: notices };
    },
    deadlineMs,
  );
}

/** Waits until the page allows its camera less than all of it, and more than nothing. @returns the bits of it. */
function waitForLess(guest: Guest, whole: number): Promise<number> {
  return until(
    `${guest.label} to send a smaller picture`,
    async () => {
      const ladder = await readLadder(guest);
      const bits = ladder.at(-1)?.bits ?? 0;
      return bits > 0 && bits < whole ? { found: true, value: bits } : { found: false, seen: ladder };
    },
    deadlineMs,
  );
}

/** Waits until the page has let its camera go up so many steps from nothing. */
function waitForSteps(guest: Guest, count: number): Promise<readonly Rung[]> {
  return until(
    `${guest.label} to send its picture again, and then a better one`,
    async () => {
      const ladder = await readLadder(guest);
      const up = ladder.slice(ladder.findLastIndex(({ bits }) => bits === 0) + 1);
      return up.length >= count && up.length < ladder.length
        ? { found: true, value: up }
        : { found: false, seen: ladder };
    },
    deadlineMs,
  );
}

describe.runIf(isIsolated)('a line that is narrow, and then one that loses packets', () => {
  test(
    'is warned of before it hurts; then the picture becomes smaller, and goes, and comes back step by step, and the voice stays',
    { timeout: 420_000 },
    async ({ stage }) => {
      stage.expectProblem(wayIsBad);
      const internet = await stage.createInternet({
        sites: ['server', 'ana', 'ben'].map((host) => ({
          hosts: [host],
          translation: 'none',
          families: ['ipv4'],
        })),
      });
      const server = internet.host('server');
      const authority = await createTestAuthority();
      await stage.startProgram({
        host: server,
        certificate: await authority.certify([], [server.ipv4 ?? '']),
        flags: ['--public-address', server.ipv4 ?? '', '--grace', '60'],
      });
      const folder = await mkdtemp(join(tmpdir(), 'callbox-noise-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      // A picture that is easy to encode goes through any line.
      const cameraFile = join(folder, 'noise.y4m');
      await writeNoise(cameraFile);
      const invite = (name: string, options: GuestOptions = {}) =>
        stage.invite('chromium', name, {
          host: internet.host(name.toLowerCase()),
          trustedAuthority: authority.pem,
          ...options,
        });
      const url = `https://${server.ipv4}/r/ladder`;
      const [ana, ben] = await Promise.all([invite('Ana', { cameraFile }), invite('Ben')]);
      // Wide enough for the two of them, and not for a third.
      await internet.setRate('ana', 300);
      await Promise.all([enterCall(ana, url, 'Ana'), enterCall(ben, url, 'Ben')]);
      const enteredAtMs = performance.now();
      await watchLadder(ana);
      await waitForWords(ana, tightWords, true);
      note(`a line of 300 kbit/s is warned of after ${secondsSince(enteredAtMs)} s`);
      // It does not hurt yet.
      expect((await readLadder(ana)).every(({ bits }) => bits > 0)).toBe(true);
      await waitForReceived(
        ben,
        'picture and voice',
        (grown) => grown.framesDecoded > 0 && grown.voiceBytes > 0,
      );
      // What helps is one press away.
      await ana.click('button', 'Turn camera off');
      await waitForPerson(ben, 'Ana', 'without a picture', ({ camera }) => camera === 'off', deadlineMs);
      await waitForWords(ana, tightWords, false);
      await ana.click('switch', 'Camera');
      await waitForReceived(
        ben,
        'picture and voice again',
        (grown) => grown.framesDecoded > 0 && grown.voiceBytes > 0,
      );
      const whole = Math.max(...(await readLadder(ana)).map(({ bits }) => bits));

      const once = await measurePackets(ana);
      // Narrow and a little lossy: it sends less, which is still a picture.
      const narrowAtMs = performance.now();
      await internet.setLoss('ana', 0.07, 'udp');
      const less = await waitForLess(ana, whole);
      note(
        `with a loss of 7 % beside it, ${secondsSince(narrowAtMs)} s until ${less} of ${whole} bit/s are allowed`,
      );

      // The voice is sent twice, which makes its packets larger.
      await waitForVoice(ana, 'red');
      const twice = await measurePackets(ana);
      note(
        `a packet of the voice has ${once.toFixed(0)} octets, and ${twice.toFixed(0)} with the one before`,
      );
      expect(twice).toBeGreaterThan(once * 1.2);

      const lostAtMs = performance.now();
      await internet.setRate('ana', 100_000);
      await internet.setLoss('ana', 0.25, 'udp');
      await waitForWords(ana, voiceWords, true);
      note(`a loss of 25 % stops the pictures after ${secondsSince(lostAtMs)} s`);
      // What was lost before may still be sent again, once.
      await waitForReceived(
        ben,
        'voice alone',
        (grown) => grown.voiceBytes > 500 && grown.framesDecoded === 0,
      );
      const ladder = await readLadder(ana);
      const down = ladder.slice(
        ladder.findLastIndex(({ bits }) => bits === whole),
        -1,
      );
      // All of it, and three steps less, each with fewer bits, and in the end with fewer points too.
      expect(down.length).toBeGreaterThanOrEqual(4);
      for (const [place, rung] of down.slice(1).entries())
        expect(rung.bits).toBeLessThan(down[place]?.bits ?? 0);
      expect(down.at(-1)?.scale).toBeGreaterThan(down[0]?.scale ?? Infinity);
      expect(ladder.at(-1)?.bits).toBe(0);

      await internet.setLoss('ana', 0);
      const wellAtMs = performance.now();
      const up = await waitForSteps(ana, 2);
      note(
        `two steps up ${secondsSince(wellAtMs)} s after the last loss; allowed: ${JSON.stringify([...down, ...up])}`,
      );
      // From the lowest step on, one at a time. A processor that is short meanwhile makes them smaller.
      const [lowest, next] = up.map(({ bits }) => bits);
      expect(lowest).toBeLessThanOrEqual(down.at(-1)?.bits ?? 0);
      expect(next).toBeGreaterThan(lowest ?? Infinity);
      expect(next).toBeLessThanOrEqual(down.at(-2)?.bits ?? 0);
      await waitForWords(ana, voiceWords, false);
      await waitForReceived(
        ben,
        'picture and voice',
        (grown) => grown.framesDecoded > 0 && grown.voiceBytes > 0,
      );
    },
  );
});

/** Waits until the page's browser sends the voice in this format. */
function waitForVoice(guest: Guest, format: string): Promise<void> {
  return until(
    `${guest.label} to send the voice as ${format}`,
    async () => {
      const seen = await readVoice(guest);
      return seen?.format === format ? { found: true, value: undefined } : { found: false, seen };
    },
    deadlineMs,
  );
}

/** Octets of a packet of the voice, on the average of some seconds. */
async function measurePackets(guest: Guest): Promise<number> {
  const before = await readVoice(guest);
  return until(`${guest.label} to send packets of its voice`, async () => {
    const now = await readVoice(guest);
    const packets = (now?.packetsSent ?? 0) - (before?.packetsSent ?? 0);
    return packets >= 150
      ? { found: true, value: ((now?.bytesSent ?? 0) - (before?.bytesSent ?? 0)) / packets }
      : { found: false, seen: now };
  });
}

const secondsSince = (atMs: number) => Math.round((performance.now() - atMs) / 1_000);
