import { describe, expect, test } from 'vitest';
import { channelDataLength, startsChannelData, writeChannelDataHeader } from './channel-data.ts';

describe('ChannelData', () => {
  test.each([
    [0x00, false],
    [0x3f, false],
    [0x40, true],
    [0x7f, true],
    [0x80, false],
    [0xff, false],
  ])('starts with octet %i: %s', (octet, expected) => {
    expect(startsChannelData(octet)).toBe(expected);
  });

  test.each([
    ['whole', [0x40, 0, 0, 2, 1, 2], 2],
    ['padded, as coturn sends it over UDP', [0x40, 0, 0, 2, 1, 2, 0, 0], 2],
    ['empty', [0x40, 0, 0, 0], 0],
    ['shorter than it says', [0x40, 0, 0, 3, 1, 2], -1],
    ['without a whole header', [0x40, 0, 0], -1],
  ])('%s has its length', (_name, octets, length) => {
    expect(channelDataLength(Uint8Array.of(9, ...octets), 1, 1 + octets.length)).toBe(length);
  });

  test('has number and length in front', () => {
    const bytes = new Uint8Array(6);
    writeChannelDataHeader(bytes, 1, 0x4a5b, 0x1234);
    expect([...bytes]).toEqual([0, 0x4a, 0x5b, 0x12, 0x34, 0]);
  });
});
