import { describe, expect, test } from 'vitest';
import { createRoomAddresses, type Member } from './room-addresses.ts';

const lifetimes = { lingerMs: 60_000, grantMs: 360_000, maxMs: 3_600_000 };
const office = '192.0.2.7';
const bo: Member = { room: 'blue', id: 'bo' };
const dan: Member = { room: 'blue', id: 'dan' };

describe('the addresses of a room', () => {
  test('are known to that room alone', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    expect(addresses.grant('blue', office, 0)).toBe(true);
    expect(addresses.grant('green', office, 0)).toBe(false);
    expect(addresses.grant('blue', '192.0.2.8', 0)).toBe(false);
  });

  test('stay while one of several ways to them is left', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.add(bo, office);
    addresses.add(dan, office);
    addresses.remove(bo, office, 0);
    addresses.remove(dan, office, 0);
    expect(addresses.grant('blue', office, 1e9)).toBe(true);
    addresses.remove(bo, office, 1e9);
    expect(addresses.grant('blue', office, 1e9 + 60_000)).toBe(false);
  });

  test('that nobody asks for stay for the linger after the last way, and no longer', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.remove(bo, office, 1_000);
    expect(addresses.grant('blue', office, 61_000)).toBe(false);
    addresses.add(dan, '192.0.2.8');
    addresses.remove(dan, '192.0.2.8', 1_000);
    expect(addresses.grant('blue', '192.0.2.8', 60_999)).toBe(true);
  });

  test('that a call uses stay while it asks again every few minutes', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.remove(bo, office, 0);
    for (let nowMs = 30_000; nowMs < 3_500_000; nowMs += 240_000) {
      expect(addresses.grant('blue', office, nowMs)).toBe(true);
    }
    expect(addresses.grant('blue', office, 3_599_999)).toBe(true);
    expect(addresses.grant('blue', office, 3_600_000)).toBe(false);
  });

  test('that a call no longer uses are over when it has not asked again', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.remove(bo, office, 0);
    addresses.grant('blue', office, 10_000);
    expect(addresses.grant('blue', office, 370_000)).toBe(false);
  });

  test('of one who has left are over after the linger, whoever asks, and those of others are not', () => {
    const addresses = createRoomAddresses(lifetimes);
    for (const member of [bo, dan]) {
      addresses.add(member, office);
      addresses.add(member, `192.0.2.${member.id.length}`);
      addresses.remove(member, office, 0);
      addresses.remove(member, `192.0.2.${member.id.length}`, 0);
    }
    for (const address of [office, '192.0.2.2', '192.0.2.3']) addresses.grant('blue', address, 1_000);
    addresses.leave(bo, 2_000);
    expect(addresses.grant('blue', '192.0.2.2', 61_999)).toBe(true);
    expect(addresses.grant('blue', '192.0.2.2', 62_000)).toBe(false);
    expect(addresses.grant('blue', '192.0.2.3', 62_000)).toBe(true);
    expect(addresses.grant('blue', office, 62_000)).toBe(true);
  });

  test('of one who has left and still holds an allocation stay as long as that, and the linger', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.leave(bo, 0);
    expect(addresses.grant('blue', office, 1_000_000)).toBe(true);
    addresses.remove(bo, office, 1_000_000);
    expect(addresses.grant('blue', office, 1_059_999)).toBe(true);
    expect(addresses.grant('blue', office, 1_060_000)).toBe(false);
  });

  test('that are seen again in the linger stay as if nothing had been', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.add(bo, office);
    addresses.remove(bo, office, 0);
    addresses.add(bo, office);
    expect(addresses.grant('blue', office, 1e9)).toBe(true);
    addresses.remove(bo, office, 1e9);
    expect(addresses.grant('blue', office, 1e9 + 60_000)).toBe(false);
  });

  test('are not kept longer by an end that comes twice or of nothing', () => {
    const addresses = createRoomAddresses(lifetimes);
    addresses.remove(bo, office, 0);
    addresses.leave(bo, 0);
    addresses.add(bo, office);
    addresses.remove(bo, office, 0);
    addresses.remove(bo, office, 30_000);
    expect(addresses.grant('blue', office, 60_000)).toBe(false);
  });

  test('take no memory once they are over', () => {
    const addresses = createRoomAddresses(lifetimes);
    for (let index = 0; index < 1_000; index += 1) {
      const member = { room: `room ${index}`, id: 'bo' };
      addresses.add(member, office);
      addresses.remove(member, office, index);
    }
    expect(addresses.size()).toBe(1_000);
    addresses.remove(dan, 'none', 71_000);
    expect(addresses.size()).toBe(0);
  });
});
