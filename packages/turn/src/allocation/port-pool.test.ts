import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { PORT_REST_MS, PortPool } from './port-pool.ts';

const RANGE = { min: 50_000, max: 50_009 };
const pool = (): PortPool => new PortPool(RANGE, createSeededRandom(1));

describe('the port pool', () => {
  test('gives each port of its range once, ends included, then none', () => {
    const ports = pool();
    const taken = Array.from({ length: 10 }, () => ports.take('any', 0) ?? 0);
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => 50_000 + index));
    expect(ports.take('any', 0)).toBeUndefined();
  });

  test('gives even ports to those who ask, and none when only odd ones are left', () => {
    const ports = pool();
    const even = Array.from({ length: 5 }, () => ports.take('even', 0) ?? 1);
    expect(even.every((port) => port % 2 === 0)).toBe(true);
    expect(ports.take('even', 0)).toBeUndefined();
    expect(ports.take('any', 0)).toBeDefined();
  });

  test('gives a port back at once if it never had a socket', () => {
    const ports = pool();
    for (let round = 0; round < 1000; round += 1) {
      const port = ports.take('any', 0);
      if (port === undefined) throw new Error(`empty after ${round} rounds`);
      ports.release(port, { hadSocket: false, nowMs: 0 });
    }
    expect(ports.freePorts(0)).toBe(10);
  });

  test('lets a port that had a socket rest, and is whole again afterwards', () => {
    const ports = pool();
    for (let time = 0; time < 10; time += 1) {
      ports.release(ports.take('any', time) ?? 0, { hadSocket: true, nowMs: time });
    }
    expect(ports.freePorts(PORT_REST_MS - 1)).toBe(0);
    expect(ports.freePorts(PORT_REST_MS)).toBe(1);
    expect(ports.freePorts(PORT_REST_MS + 9)).toBe(10);
  });

  test('wakes the port that has rested longest when no other is left, so that nobody can use up the ports by resting them', () => {
    const ports = pool();
    const released: number[] = [];
    for (let time = 0; time < 10; time += 1) {
      const port = ports.take('any', time) ?? 0;
      ports.release(port, { hadSocket: true, nowMs: time });
      released.push(port);
    }
    expect(ports.take('any', 10)).toBe(released[0]);
    expect(ports.take('even', 10)).toBe(released.slice(1).find((port) => port % 2 === 0));
    for (let left = 8; left > 0; left -= 1) expect(ports.take('any', 10)).toBeDefined();
    expect(ports.take('any', 10)).toBeUndefined();
  });

  test('lets every port rest for its time while there are others', () => {
    const ports = pool();
    const first = ports.take('any', 0) ?? 0;
    ports.release(first, { hadSocket: true, nowMs: 0 });
    const others = Array.from({ length: 9 }, () => ports.take('any', 0));
    expect(others).not.toContain(first);
  });

  test('chooses evenly: a thousand first choices of a hundred ports pass the chi-square test', () => {
    const counts = new Map<number, number>();
    for (let round = 0; round < 1000; round += 1) {
      const port = new PortPool({ min: 50_000, max: 50_099 }, (end) => randomInt(end)).take('any', 0) ?? 0;
      counts.set(port, (counts.get(port) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (let port = 50_000; port < 50_100; port += 1) chiSquare += ((counts.get(port) ?? 0) - 10) ** 2 / 10;
    // 99 degrees of freedom: beyond 180 once in a million runs; a choice of the lowest would give 99,000.
    expect(chiSquare).toBeLessThan(180);
  });
});
