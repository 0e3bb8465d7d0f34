import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, onTestFinished } from 'vitest';
import { startCallbox } from '../conformance/acme/start-callbox.ts';
import { startPebble } from '../conformance/acme/start-pebble.ts';
import { startShim } from '../conformance/acme/start-shim.ts';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { watchStills } from './media/longest-still.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { sampleLinks } from './media/link-sample.ts';
import { isIsolated, machineAddress, machineName } from './networks/isolation.ts';
import { note } from './outlive/note.ts';
import { findFreePort } from './program/free-port.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Pictures are watched for that long after a certificate has come. */
const AFTERMATH_MS = 3_000;
/** What two equal runs on a busy machine may differ by. */
const LEEWAY_MS = 2_000;
const mostTries = 3;
/** How long the program may take to ask for a certificate and get it. */
const PATIENCE_MS = 60_000;

/** Changes with each restart of ICE (RFC 8839 §5.4), and with each connection that is made anew. */
function fragmentsOf(guest: Guest): Promise<string[]> {
  return guest.evaluate(
    () =>
      window.callboxProbe.connections.map(
        ({ currentLocalDescription }) =>
          /a=ice-ufrag:(\S+)/.exec(currentLocalDescription?.sdp ?? '')?.[1] ?? '',
      ),
    null,
  );
}

/** The longest time in which a picture of anybody stood still while this went on. */
async function longestStillDuring(guests: readonly Guest[], run: () => Promise<unknown>): Promise<number> {
  const ends = await Promise.all(guests.map(watchStills));
  await run();
  return Math.max(...(await Promise.all(ends.map((end) => end()))));
}

/** From now on a renewal is due. */
const past = { start: new Date(Date.now() - 2 * dayMs), end: new Date(Date.now() - dayMs) };

describe.runIf(isIsolated)('a certificate that is renewed by its authority', () => {
  test('while a call is relayed through TLS with the old one, whose pictures go on', async ({ stage }) => {
    const [port, httpPort] = [await findFreePort(), await findFreePort()];
    const pebble = await startPebble({ tlsPort: port, httpPort });
    onTestFinished(() => pebble.stop());
    await pebble.point(machineName, machineAddress);
    const shim = await startShim(pebble);
    onTestFinished(() => shim.stop());
    const turnUrl = `turns:${machineName}:${port}?transport=tcp`;
    const callbox = await startCallbox({
      port,
      httpPort,
      directoryUrl: shim.directoryUrl,
      caFile: shim.caFile,
      flags: ['--domain', machineName, '--turn-url', turnUrl],
      host: null,
    });
    onTestFinished(() => callbox.stop());
    const later = shim.window;
    const obtained = () => callbox.output().match(/Certificate for \S+ obtained/g)?.length ?? 0;
    const untilObtained = (count: number) =>
      until(
        'a certificate',
        () =>
          obtained() >= count
            ? { found: true, value: null }
            : { found: false, seen: callbox.output().slice(-500) },
        PATIENCE_MS,
      );
    await untilObtained(1);

    // Pebble and the program are none of the stage's.
    stage.expectProblem(new RegExp(`asked a stranger: (?:https|wss)://${machineName}:${port}/`));
    const trust = { trustedAuthority: await pebble.root() };
    const guests: Guest[] = [];
    for (const name of ['Ana', 'Ben']) {
      const guest = await stage.invite('chromium', name, trust);
      guests.push(guest);
      await enterCall(guest, `https://${machineName}:${port}/r/renewed?transport=relay`, name);
    }
    await expectEveryoneSeesAndHears(guests);
    const ways = await Promise.all(guests.map(async (guest) => (await sampleLinks(guest))[0]?.path?.local));
    expect(ways.map((local) => local?.relayProtocol)).toEqual(['tls', 'tls']);
    const standing = async () => ({
      fragments: await Promise.all(guests.map(fragmentsOf)),
      sockets: guests.map(({ requests }) => requests.filter((url) => url.startsWith('wss:')).length),
    });
    // What a renewal does to a call it does each time. What else this machine does, which may cost a call a restart, it does by chance.
    let restarts = 0;
    for (; restarts < mostTries; restarts += 1) {
      const count = obtained() + 1;
      const before = await standing();
      const beginMs = performance.now();
      const renewed = await longestStillDuring(guests, async () => {
        const orders = shim.orders.length;
        shim.window = past;
        await until('an order', () =>
          shim.orders.length > orders ? { found: true, value: null } : { found: false, seen: orders },
        );
        // The next one is not due at once.
        shim.window = later;
        await untilObtained(count);
        await sleep(AFTERMATH_MS);
      });
      const tookMs = performance.now() - beginMs;
      const after = await standing();
      const usual = await longestStillDuring(guests, () => sleep(tookMs));
      // What browsers are told of the relay comes anew with it, and goes into the connection that is there.
      if (isDeepStrictEqual(after, before) && renewed < usual + LEEWAY_MS) break;
      note(`a call that was not left alone: ${JSON.stringify({ before, after, renewed, usual })}`);
    }
    expect(restarts).toBeLessThan(mostTries);
    await expectEveryoneSeesAndHears(guests);
  });
});
