import { platform } from 'node:os';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import { loadSystemCalls } from '../plane/linux/system-calls.ts';
import { CHANNEL, createPlaneScene } from '../plane/suite/plane-scene.ts';
import { at } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { NumberedCall } from '../testing/numbered-call.ts';
import { bundleWorker, type WorkerBundle } from '../testing/worker-bundle.ts';
import { createCrewMaker } from './create-crew.ts';
import { DEFAULT_CREW_RULE, DEFAULT_MOVE_RULE, type CrewRule, type MoveRule } from './crew-rule.ts';

const CALLS = 6;
const PACE_MS = 10;
const ALWAYS_BUSY: CrewRule = {
  ...DEFAULT_CREW_RULE,
  busyCores: 0,
  busyAverageCores: 0,
  movableCores: 0,
  looksToStart: 1,
  calmCores: 0,
};
const ALWAYS_CALM: CrewRule = {
  ...DEFAULT_CREW_RULE,
  busyCores: Infinity,
  calmCores: Infinity,
  looksToEnd: 2,
};

// The system calls are Linux's.
describe.skipIf(platform() !== 'linux')('workers that come with the load', () => {
  let bundle: WorkerBundle;
  let plane: LinuxPlane;
  const news: string[] = [];
  const rule: { -readonly [name in keyof CrewRule]: CrewRule[name] } = { ...DEFAULT_CREW_RULE };
  const moveRule: { -readonly [name in keyof MoveRule]: MoveRule[name] } = { ...DEFAULT_MOVE_RULE };
  beforeAll(async () => {
    bundle = await bundleWorker();
  });
  afterAll(() => bundle.remove());

  const scene = createPlaneScene((settings) => {
    Object.assign(rule, DEFAULT_CREW_RULE, { busyCores: Infinity });
    Object.assign(moveRule, DEFAULT_MOVE_RULE, { atEaseCores: Infinity });
    news.length = 0;
    const calls = loadSystemCalls();
    const note = (message: string): void => void news.push(message);
    const makeCrew = createCrewMaker({ kind: 'by-load', most: 1, rule, moveRule }, calls, {
      ...settings,
      logger: { info: note, warn: note },
      workerFile: bundle.file,
    });
    plane = new LinuxPlane(settings, calls, makeCrew);
    return plane;
  });

  async function startCalls(): Promise<readonly NumberedCall[]> {
    const calls: NumberedCall[] = [];
    for (let number = 0; number < CALLS; number += 1) {
      const { client, peer } = await scene.connected();
      peer.echo();
      calls.push(new NumberedCall(client.socket, scene.listener, CHANNEL));
    }
    return calls;
  }

  test('there are none while there is little to do', async () => {
    await startCalls();
    expect(plane.workers()).toEqual([]);
    expect(plane.clientSockets()).toBe(CALLS);
  });

  test('they get new calls when they are there, give them back when they are not needed, and no packet is lost or counted twice', async () => {
    const calls = await startCalls();
    const talk = setInterval(() => {
      for (const call of calls) call.send();
    }, PACE_MS);
    try {
      Object.assign(rule, ALWAYS_BUSY);
      await eventually(() => plane.workers()[0]?.pid !== undefined, 'a worker');
      const pid = plane.workers()[0]?.pid ?? 0;
      // What is new goes to whoever has fewest: the server has six.
      const late = await scene.connected();
      late.peer.echo();
      const lateCall = new NumberedCall(late.client.socket, scene.listener, CHANNEL);
      expect(plane.workers()[0]?.relays).toBe(1);
      for (let count = 0; count < 20; count += 1) {
        lateCall.send();
        await wait(PACE_MS);
      }
      await eventually(() => lateCall.lost === 0, 'every packet of the late call');
      expect(plane.relayTotals(late.client.relay)).toMatchObject({
        packetsFromClient: 20,
        packetsToClient: 20,
      });
      Object.assign(rule, ALWAYS_CALM);
      while (plane.workers().some(({ relays }) => relays > 0)) {
        lateCall.send();
        await wait(PACE_MS);
      }
      for (let count = 0; count < 20; count += 1) {
        lateCall.send();
        await wait(PACE_MS);
      }
      await eventually(() => plane.workers().length === 0, 'the end of the worker');
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      clearInterval(talk);
      const all = [...calls, lateCall];
      await eventually(() => all.every(({ lost }) => lost === 0), 'every packet');
      const sent = all.reduce((sum, call) => sum + call.sent, 0);
      expect(plane.counters().get('packets_from_clients_udp')).toBe(sent);
      expect(plane.counters().get('packets_to_clients_udp')).toBe(sent);
      expect(plane.relayTotals(late.client.relay).packetsFromClient).toBe(lateCall.sent);
      expect(news).toEqual([
        'the relay has much to do: another worker is started',
        'the relay has less to do: a worker is ended',
      ]);
    } finally {
      clearInterval(talk);
    }
  });

  test('a listener that is closed while one is coming is not waited for', async () => {
    const { id, local } = await plane.listen(at('127.0.0.1', 0));
    Object.assign(rule, ALWAYS_BUSY);
    await eventually(() => plane.workers().length === 1, 'a worker to be started');
    expect(plane.workers()[0]?.pid).toBeUndefined();
    expect(await plane.retire(id)).toBe(true);
    const again = await plane.listen(local);
    expect(again.local).toEqual(local);
  });

  test('they take over calls in the middle, by what these cost, and no packet of theirs is lost or counted twice', async () => {
    const calls = await startCalls();
    const talk = setInterval(() => {
      for (const call of calls) call.send();
    }, PACE_MS);
    try {
      Object.assign(rule, ALWAYS_BUSY);
      // This process has clients and peers to itself, and the worker nothing: whatever is moved helps.
      Object.assign(moveRule, { atEaseCores: 0, minGapCores: 0, minMovedCores: 0 });
      await eventually(() => (plane.workers()[0]?.relays ?? 0) > 0, 'calls to be moved');
      Object.assign(moveRule, { atEaseCores: Infinity });
      await wait(300);
      expect(plane.workers()[0]?.packets).toBeGreaterThan(0);
      Object.assign(rule, ALWAYS_CALM);
      await eventually(() => plane.workers().length === 0, 'the end of the worker');
      await wait(100);
    } finally {
      clearInterval(talk);
    }
    await eventually(() => calls.every(({ lost }) => lost === 0), 'every packet');
    const sent = calls.reduce((sum, call) => sum + call.sent, 0);
    expect(plane.counters().get('packets_from_clients_udp')).toBe(sent);
    expect(plane.counters().get('packets_to_clients_udp')).toBe(sent);
  });
});
