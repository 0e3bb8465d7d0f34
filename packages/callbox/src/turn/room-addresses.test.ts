import { describe, expect, test } from 'vitest';
import { createRoomAddresses } from './room-addresses.ts';

const lingerMs = 60_000;
const office = '192.0.2.7';

describe('the addresses of a room', () => {
  test('are known to that room alone', () => {
    const addresses = createRoomAddresses(lingerMs);
    addresses.add('blue', office);
    expect(addresses.has('blue', office, 0)).toBe(true);
    expect(addresses.has('green', office, 0)).toBe(false);
    expect(addresses.has('blue', '192.0.2.8', 0)).toBe(false);
  });

  test('stay while one of several ways to them is left', () => {
    const addresses = createRoomAddresses(lingerMs);
    addresses.add('blue', office);
    addresses.add('blue', office);
    addresses.remove('blue', office, 0);
    expect(addresses.has('blue', office, 10 * lingerMs)).toBe(true);
  });

  test('stay for the linger after the last, and no longer', () => {
    const addresses = createRoomAddresses(lingerMs);
    addresses.add('blue', office);
    addresses.remove('blue', office, 1_000);
    expect(addresses.has('blue', office, 1_000 + lingerMs - 1)).toBe(true);
    expect(addresses.has('blue', office, 1_000 + lingerMs)).toBe(false);
    expect(addresses.size()).toBe(0);
  });

  test('that are seen again in the linger stay as if nothing had been', () => {
    const addresses = createRoomAddresses(lingerMs);
    addresses.add('blue', office);
    addresses.remove('blue', office, 0);
    addresses.add('blue', office);
    expect(addresses.has('blue', office, 10 * lingerMs)).toBe(true);
    addresses.remove('blue', office, 10 * lingerMs);
    expect(addresses.has('blue', office, 11 * lingerMs)).toBe(false);
  });

  test('are not kept longer by an end that comes twice or of nothing', () => {
    const addresses = createRoomAddresses(lingerMs);
    addresses.remove('blue', office, 0);
    addresses.add('blue', office);
    addresses.remove('blue', office, 0);
    addresses.remove('blue', office, 30_000);
    expect(addresses.has('blue', office, lingerMs)).toBe(false);
  });

  test('take no memory once they are over', () => {
    const addresses = createRoomAddresses(lingerMs);
    for (let index = 0; index < 1_000; index += 1) {
      addresses.add(`room ${index}`, office);
      addresses.remove(`room ${index}`, office, index);
    }
    addresses.remove('none', office, 1_000 + lingerMs);
    expect(addresses.size()).toBe(0);
  });
});
