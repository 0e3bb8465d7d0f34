import { platform } from 'node:os';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import { loadSystemCalls } from '../plane/linux/system-calls.ts';
import { ADVERTISED, CHANNEL, createPlaneScene } from '../plane/suite/plane-scene.ts';
import { at } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { octetsOf, writeChannelData, writeSend } from '../testing/media.ts';
import { NumberedCall } from '../testing/numbered-call.ts';
import { bundleWorker, type WorkerBundle } from '../testing/worker-bundle.ts';
import { createCrewMaker } from './create-crew.ts';

const CALLS = 8;
const PACE_MS = 10;
/** A hundred in the soak: `WORKER_KILLS=100`. */
const KILLS = Number(process.env['WORKER_KILLS'] ?? 3);
/** A worker that dies sooner has a successor later. */
const LIFE_MS = 1_000;
/** A machine with other work takes seconds to start a process. */
const START_MS = 15_000;

// The system calls are Linux's.
describe.skipIf(platform() !== 'linux')('workers', () => {
  let bundle: WorkerBundle;
  let plane: LinuxPlane;
  const warnings: string[] = [];
  beforeAll(async () => {
    bundle = await bundleWorker();
  });
  afterAll(() => bundle.remove());

  const scene = createPlaneScene((settings) => {
    const calls = loadSystemCalls();
    const logger = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
    const makeCrew = createCrewMaker({ kind: 'fixed', workers: 2 }, calls, {
      ...settings,
      logger,
      workerFile: bundle.file,
    });
    plane = new LinuxPlane(settings, calls, makeCrew);
    return plane;
  });

  /** Calls whose peers send everything back, in the order in which they were lent. */
  async function startCalls(): Promise<readonly NumberedCall[]> {
    const calls: NumberedCall[] = [];
    for (let number = 0; number < CALLS; number += 1) {
      const { client, peer } = await scene.connected();
      peer.echo();
      calls.push(new NumberedCall(client.socket, scene.listener, CHANNEL));
    }
    return calls;
  }

  async function keepTalking(calls: readonly NumberedCall[], forMs: number): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs += PACE_MS) {
      for (const call of calls) call.send();
      await wait(PACE_MS);
    }
  }

  const pidOf = (slot: number): number => plane.workers()[slot]?.pid ?? 0;
  const areServing = (): boolean => plane.workers().every(({ relays }) => relays === CALLS / 2);

  test('carry the packets of all calls between them, half of them each', async () => {
    const calls = await startCalls();
    expect(plane.workers().map(({ relays }) => relays)).toEqual([CALLS / 2, CALLS / 2]);
    await keepTalking(calls, 200);
    await eventually(() => calls.every(({ lost }) => lost === 0), 'every packet');
    const packets = plane.workers().map((worker) => worker.packets);
    const sent = calls.reduce((sum, call) => sum + call.sent, 0);
    expect(packets).toEqual([sent, sent]);
    expect(plane.counters().get('packets_from_clients_udp')).toBe(sent);
  });

  test(
    'are replaced when they die under load; others lose no packet, and nothing that was counted is forgotten',
    async () => {
      const calls = await startCalls();
      const pids = new Set<number>();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await keepTalking(calls, LIFE_MS);
        pids.add(pidOf(0));
        process.kill(pidOf(0), 'SIGKILL');
        await keepTalking(calls, 150);
        await eventually(areServing, 'a new worker', START_MS);
      }
      await eventually(
        () => calls.filter((_, index) => index % 2 === 1).every(({ lost }) => lost === 0),
        'others',
      );
      await wait(100);
      expect(pids.size).toBe(KILLS);
      expect(warnings.length).toBeGreaterThanOrEqual(KILLS);
      const own = calls.filter((_, index) => index % 2 === 0).reduce((sum, { lost }) => sum + lost, 0);
      // What had been read and not sent; each has a batch or two at most.
      expect(own).toBeLessThanOrEqual(KILLS * CALLS);
      const sent = calls.reduce((sum, call) => sum + call.sent, 0);
      const counted = plane.counters().get('packets_from_clients_udp') ?? 0;
      expect(counted).toBeGreaterThanOrEqual(sent - own - KILLS);
      expect(counted).toBeLessThanOrEqual(sent);
    },
    20_000 + KILLS * (LIFE_MS + START_MS),
  );

  test('that do not answer any more are ended and replaced, and their calls go on', async () => {
    const calls = await startCalls();
    const stopped = pidOf(1);
    process.kill(stopped, 'SIGSTOP');
    await eventually(() => pidOf(1) !== stopped && pidOf(1) !== 0, 'another worker', START_MS);
    await eventually(areServing, 'all in their places', START_MS);
    await keepTalking(calls, 100);
    await eventually(() => calls.every(({ lost }) => lost === 0), 'every packet');
    expect(() => process.kill(stopped, 0)).toThrow('ESRCH');
  });

  test('join clients of different workers themselves, once they know of each other', async () => {
    const alice = await scene.udpClient();
    const bob = await scene.udpClient();
    scene.permit(alice.relay, ADVERTISED);
    scene.permit(bob.relay, ADVERTISED);
    expect(plane.workers().map(({ relays }) => relays)).toEqual([1, 1]);
    scene.bind(alice.relay, at(ADVERTISED, bob.port));
    const joined = (): readonly number[] => plane.workers().map(({ packets }) => packets);
    alice.send(writeChannelData(CHANNEL, octetsOf('first')));
    expect(await bob.media()).toMatchObject({ text: 'first' });
    // That one came by way of the server.
    expect(joined()).toEqual([0, 0]);
    alice.send(writeChannelData(CHANNEL, octetsOf('second')));
    expect(await bob.media()).toMatchObject({ text: 'second' });
    expect(joined()).toEqual([2, 0]);
    expect(plane.relayTotals(alice.relay)).toMatchObject({ packetsFromClient: 2, packetsToClient: 0 });
    await eventually(
      () => plane.relayTotals(bob.relay).packetsToClient === 2,
      'what the other worker has counted',
    );
    // What changes for the one is in force for the other's worker before anybody is told.
    plane.apply({ kind: 'forbid', relay: bob.relay, peer: at(ADVERTISED, 0) });
    alice.send(writeChannelData(CHANNEL, octetsOf('third')));
    expect(await scene.counted('dropped_peer_not_permitted')).toBe(1);
  });

  test('hand up what is not media, and the server answers from the address of the listener', async () => {
    const { client, peer } = await scene.connected();
    client.send(writeSend(peer.address, octetsOf('there')));
    await peer.next();
    expect(scene.handedUp).toHaveLength(0);
    client.send(new Uint8Array([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12)]));
    await eventually(() => scene.handedUp.length === 1, 'a request');
    plane.send(client.path, octetsOf('answer'));
    expect((await client.socket.next()).from).toEqual(scene.listener);
  });

  test('are gone when the plane is closed', async () => {
    const pids = plane.workers().map(({ pid }) => pid ?? 0);
    expect(pids.every((pid) => pid > 0)).toBe(true);
    await plane.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
