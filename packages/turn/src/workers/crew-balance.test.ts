import { expect, test } from 'vitest';
import { CrewBalance, type BalancedRelay, type CrewWork } from './crew-balance.ts';
import { DEFAULT_CREW_RULE, type CrewSize } from './crew-rule.ts';

const LOOK_MS = 500;

interface Worker {
  isReady: boolean;
  isComing: boolean;
  cores: number;
}

interface TestRelay extends BalancedRelay {
  /** Packets a second, and how many that were so far. */
  pace: number;
  packets: number;
  carrier: Worker | undefined;
}

/** A server whose processes use what is said here. */
function createWorld(size: CrewSize, staysTogether = false) {
  const clock = { nowMs: 0, usedMs: 0 };
  const main = { cores: 0 };
  const workers: Worker[] = [];
  const relays = new Map<number, TestRelay>();
  const balance = new CrewBalance<Worker, TestRelay>(size, () => clock.usedMs, 0);
  const work: CrewWork<Worker, TestRelay> = {
    workers,
    relays,
    carrierOf: ({ carrier }) => carrier,
    packetsOf: ({ packets }) => packets,
    staysTogether,
  };
  return {
    main,
    workers,
    addWorker(cores = 0): Worker {
      const worker = { isReady: true, isComing: false, cores };
      workers.push(worker);
      return worker;
    },
    addRelay(pace: number, carrier?: Worker, share: object = {}): TestRelay {
      const relay = { id: relays.size + 1, share, pace, packets: 0, carrier };
      relays.set(relay.id, relay);
      return relay;
    },
    /** Half a second later; what is planned is done. */
    look() {
      clock.nowMs += LOOK_MS;
      clock.usedMs += main.cores * LOOK_MS;
      for (const [, relay] of relays) relay.packets += (relay.pace * LOOK_MS) / 1000;
      const plan = balance.look(work, clock.nowMs);
      for (const { unit, to } of plan.moves) for (const relay of unit.relays) relay.carrier = to;
      return plan;
    },
    carriedBy: (carrier: Worker | undefined) =>
      [...relays.values()].filter((relay) => relay.carrier === carrier).map(({ id }) => id),
  };
}

test('a server with much to relay asks for a worker, and gives it half of the packets when it is there', () => {
  const world = createWorld({ kind: 'by-load', most: 1 });
  for (let number = 0; number < 4; number += 1) world.addRelay(40_000);
  world.addRelay(10);
  world.main.cores = 0.8;
  const starts = Array.from({ length: 5 }, () => world.look().starts);
  expect(starts).toContain(true);
  const worker = world.addWorker();
  world.look();
  expect(world.carriedBy(worker)).toEqual([1, 2]);
  // The next figures are of the time before, too.
  expect(world.look().moves).toEqual([]);
});

test('a server that is busy with anything else asks for nobody', () => {
  const world = createWorld({ kind: 'by-load', most: 1 });
  world.addRelay(1_000);
  world.main.cores = 1;
  expect(Array.from({ length: 20 }, () => world.look().starts)).not.toContain(true);
});

test('relays that belong together are moved together, and relays that are new are not moved by guess', () => {
  const world = createWorld({ kind: 'by-load', most: 1 }, true);
  const [first, second] = [{}, {}];
  for (let number = 0; number < 2; number += 1) {
    world.addRelay(20_000, undefined, first);
    world.addRelay(20_000, undefined, second);
  }
  const worker = world.addWorker();
  world.main.cores = 0.8;
  expect(world.look().moves).toEqual([]);
  world.look();
  expect(world.carriedBy(worker)).toEqual([1, 3]);
});

test('where there are always workers the server gives none of its own to them, and takes none back', () => {
  const world = createWorld({ kind: 'fixed', workers: 2 });
  const [busy, idle] = [world.addWorker(0.9), world.addWorker(0)];
  for (const carrier of [undefined, busy, busy]) world.addRelay(50_000, carrier);
  world.main.cores = 1;
  world.look();
  world.look();
  expect([undefined, busy, idle].map(world.carriedBy)).toEqual([[1], [3], [2]]);
});

test('when all is calm the worker with least to do is ended, and others have its relays', () => {
  const world = createWorld({ kind: 'by-load', most: 2 });
  const [first, second] = [world.addWorker(0.1), world.addWorker(0.01)];
  world.addRelay(100, first);
  world.addRelay(10, second);
  world.main.cores = 0.05;
  const ends = Array.from({ length: DEFAULT_CREW_RULE.looksToEnd }, () => world.look().ends);
  expect(ends.at(-1)).toBe(second);
  expect(new Set(ends.slice(0, -1))).toEqual(new Set([undefined]));
  expect(world.carriedBy(undefined)).toEqual([2]);
});
