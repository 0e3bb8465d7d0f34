import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { fromHex } from '../testing/hex.ts';
import { hmacSha1 } from './hmac-sha1.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const repeated = (octet: number, count: number): Uint8Array => new Uint8Array(count).fill(octet);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('HMAC-SHA1', () => {
  // RFC 2202 §3.
  test.each([
    [repeated(0x0b, 20), ascii('Hi There'), 'b617318655057264e28bc0b6fb378c8ef146be00'],
    [ascii('Jefe'), ascii('what do ya want for nothing?'), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [repeated(0xaa, 20), repeated(0xdd, 50), '125d7342b9ac11cd91a39af48aa17b4f63f175d3'],
    [
      fromHex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
      repeated(0xcd, 50),
      '4c9007f4026250c6bc8414f9bf50c86c2d7235da',
    ],
    [repeated(0x0c, 20), ascii('Test With Truncation'), '4c1a03424b55e07fe7f27be1d58bb9324a9a5a04'],
    [
      repeated(0xaa, 80),
      ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
      'aa4ae5e15272d00e95705637ce8a3b55ed402112',
    ],
    [
      repeated(0xaa, 80),
      ascii('Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data'),
      'e8e99d0f45237d786d6bbaa7965c7808bbff1a91',
    ],
  ])('has the published value, case %#', (key, data, expected) => {
    expect(hex(hmacSha1(key, data))).toBe(expected);
  });

  test('agrees with node:crypto for every length of message up to three blocks, however it is cut in two', () => {
    const { below, bytes } = createSeededRandom(1);
    for (let length = 0; length <= 200; length += 1) {
      const key = bytes(below(130));
      const message = bytes(length);
      const cut = below(length + 1);
      const expected = createHmac('sha1', key).update(message).digest('hex');
      expect(hex(hmacSha1(key, message.subarray(0, cut), message.subarray(cut)))).toBe(expected);
    }
  });
});
