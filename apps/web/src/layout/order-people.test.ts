import { describe, expect, it } from 'vitest';
import { orderPeople, pickSpeaker } from './order-people.ts';

const nobody = new Set<string>();
const never = new Map<string, number>();
const six = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('the order of people', () => {
  it('is that in which they came, and stays the same object while nothing changes', () => {
    const order = orderPeople([], six, 4, nobody, never);
    expect(order).toEqual(six);
    expect(orderPeople(order, six, 4, nobody, never)).toBe(order);
  });

  it('puts who comes to the end, and closes the gap of who goes', () => {
    expect(orderPeople(['c', 'a', 'b'], ['a', 'b', 'c', 'd'], 9, nobody, never)).toEqual([
      'c',
      'a',
      'b',
      'd',
    ]);
    expect(orderPeople(['c', 'a', 'b'], ['b', 'c'], 9, nobody, never)).toEqual(['c', 'b']);
  });

  it('moves nobody for a speaker who can be seen', () => {
    expect(orderPeople(six, six, 4, new Set(['b', 'd']), never)).toEqual(six);
  });

  it('lets a hidden speaker change places with the one who has been silent longest', () => {
    const spoken = new Map([
      ['a', 900],
      ['b', 100],
      ['c', 500],
      ['d', 700],
    ]);
    expect(orderPeople(six, six, 4, new Set(['f']), spoken)).toEqual(['a', 'f', 'c', 'd', 'e', 'b']);
  });

  it('takes the last of those who never spoke', () => {
    expect(orderPeople(six, six, 3, new Set(['e']), new Map([['c', 5]]))).toEqual([
      'a',
      'e',
      'c',
      'd',
      'b',
      'f',
    ]);
  });

  it('leaves hidden speakers where they are when all who can be seen speak', () => {
    expect(orderPeople(six, six, 2, new Set(['a', 'b', 'f']), never)).toEqual(six);
  });

  it('brings several hidden speakers at once', () => {
    expect(orderPeople(six, six, 2, new Set(['d', 'f']), never)).toEqual(['f', 'd', 'c', 'b', 'e', 'a']);
  });
});

describe('who has the floor', () => {
  it.each([
    ['nobody in an empty room', null, [], [], null],
    ['the first one before anybody has spoken', null, ['a', 'b'], [], 'a'],
    ['who speaks', 'a', ['a', 'b'], ['b'], 'b'],
    ['who spoke last, in silence', 'b', ['a', 'b'], [], 'b'],
    ['who has it, although another speaks too', 'b', ['a', 'b'], ['a', 'b'], 'b'],
    ['somebody else when they have gone', 'c', ['a', 'b'], [], 'a'],
  ] as const)('%s', (_, current, present, speaking, expected) => {
    expect(pickSpeaker(current, present, new Set(speaking))).toBe(expected);
  });
});
