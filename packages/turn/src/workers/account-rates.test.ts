import { platform } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import { loadSystemCalls } from '../plane/linux/system-calls.ts';
import { CHANNEL, createPlaneScene } from '../plane/suite/plane-scene.ts';
import { writeChannelData } from '../testing/media.ts';
import { bundleWorker, type WorkerBundle } from '../testing/worker-bundle.ts';
import { createCrewMaker } from './create-crew.ts';

const BYTES_PER_SECOND = 200_000;
const PACKET_BYTES = 1_000;
/** What headers are counted for. */
const CHARGED_BYTES = PACKET_BYTES + 32;
/** A tenth of a second of the rate is saved up; each of two processes lets 64 kB wait. */
const MOST_AT_ONCE = 20_000 + 2 * 65_536;
const FLOOD = 300;
/** After so long without a packet no more is waiting. */
const QUIET_MS = 1_000;

// The system calls are Linux's.
describe.skipIf(platform() !== 'linux')('the rate of an account with relays in two workers', () => {
  let bundle: WorkerBundle;
  let plane: LinuxPlane;
  let spreadBytesPerSecond = 0;
  beforeAll(async () => {
    bundle = await bundleWorker();
  });
  afterAll(() => bundle.remove());

  const scene = createPlaneScene((settings) => {
    const calls = loadSystemCalls();
    const logger = { info: () => undefined, warn: () => undefined };
    const size = { kind: 'fixed', workers: 2 } as const;
    const crew = { ...settings, logger, workerFile: bundle.file, spreadBytesPerSecond };
    plane = new LinuxPlane(settings, calls, createCrewMaker(size, calls, crew));
    return plane;
  });

  const shares = (): readonly number[] => plane.workers().map(({ relays }) => relays);

  test('is one rate for both, where it is so high that they need not stay together', async () => {
    spreadBytesPerSecond = 1;
    await scene.restart(BYTES_PER_SECOND);
    const [first, second] = [await scene.connected('shared'), await scene.connected('shared')];
    expect(shares()).toEqual([1, 1]);
    const beganAt = performance.now();
    for (let number = 0; number < FLOOD; number += 1)
      for (const { client } of [first, second])
        client.send(writeChannelData(CHANNEL, new Uint8Array(PACKET_BYTES)));
    const delivered = (): number => first.peer.inbox.length + second.peer.inbox.length;
    let [seen, lastAt] = [0, performance.now()];
    while (performance.now() - lastAt < QUIET_MS) {
      await wait(10);
      if (delivered() > seen) [seen, lastAt] = [delivered(), performance.now()];
    }
    const tookSeconds = (lastAt - beganAt) / 1000;
    const most = (MOST_AT_ONCE + tookSeconds * BYTES_PER_SECOND) / CHARGED_BYTES;
    expect(delivered()).toBeLessThan(most);
    // Two rates would have let twice as much pass of what waited.
    expect(tookSeconds).toBeGreaterThan((2 * 65_536 - 40_000) / BYTES_PER_SECOND);
    expect(Math.min(first.peer.inbox.length, second.peer.inbox.length)).toBeGreaterThan(10);
  });

  test('is one worker’s, where one can carry it', async () => {
    spreadBytesPerSecond = 32_000_000;
    await scene.restart(BYTES_PER_SECOND);
    for (let number = 0; number < 3; number += 1) await scene.connected('shared');
    await scene.connected('another');
    expect(shares()).toEqual([3, 1]);
  });
});
