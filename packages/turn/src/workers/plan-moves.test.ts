import { expect, test } from 'vitest';
import { planLeaving, planMoves, type Carrier } from './plan-moves.ts';

/** A process with other work and relays, named by what they cost. */
function carrier(name: string, otherCores: number, units: readonly number[]): Carrier<string, number> {
  const cores = units.reduce((sum, unit) => sum + unit, otherCores);
  return { name, cores, units: units.map((unit) => ({ relays: [unit], cores: unit })) };
}

function movesOf(...carriers: readonly Carrier<string, number>[]): readonly (readonly [number, string])[] {
  return planMoves(carriers).map(({ unit, to }) => [unit.cores, to]);
}

test('half of what the busiest has too much goes to the idlest', () => {
  expect(movesOf(carrier('main', 0.2, [0.2, 0.2, 0.2]), carrier('first', 0, []))).toEqual([
    [0.2, 'first'],
    [0.2, 'first'],
  ]);
});

test('it is shared out by what relays cost, and not by how many there are', () => {
  const small = Array.from({ length: 10 }, () => 0.01);
  expect(movesOf(carrier('main', 0, [0.5, 0.3, ...small]), carrier('first', 0, small))).toEqual([
    [0.3, 'first'],
    [0.01, 'first'],
  ]);
});

test('nothing is moved while nobody is in need, or where a move would only turn the difference round', () => {
  expect(movesOf(carrier('main', 0, [0.1, 0.1, 0.1]), carrier('first', 0, []))).toEqual([]);
  expect(movesOf(carrier('main', 0, [0.25, 0.25]), carrier('first', 0.4, []))).toEqual([]);
  expect(movesOf(carrier('main', 0, [0.9]), carrier('first', 0, []))).toEqual([]);
  expect(movesOf(carrier('main', 0.9, []), carrier('first', 0, []))).toEqual([]);
  // What makes it busy is not the calls.
  expect(movesOf(carrier('main', 0.9, [0.02, 0.02]), carrier('first', 0, []))).toEqual([]);
});

test('one that is too large for half of the difference is moved when that still helps', () => {
  expect(movesOf(carrier('main', 0.3, [0.5]), carrier('first', 0, []))).toEqual([[0.5, 'first']]);
});

test('relays without packets stay where they are', () => {
  expect(movesOf(carrier('main', 0.8, [0, 0, 0]), carrier('first', 0, []))).toEqual([]);
});

test('who leaves gives everything away, each to whoever has least by then', () => {
  const leaving = carrier('leaving', 0, [0.1, 0, 0.1]);
  const moves = planLeaving(leaving.units, [carrier('main', 0.1, []), carrier('first', 0.15, [])]);
  expect(moves.map(({ to }) => to)).toEqual(['main', 'first', 'first']);
});
