import { isIPv6 } from 'node:net';
import { formatIpAddress } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { addressOfHostWords, hostWordsOf, readHostText } from './host-words.ts';

const read = (text: string): Int32Array => {
  const words = new Int32Array(4).fill(-1);
  readHostText(text, isIPv6(text.replace(/%.*/u, '')) ? 6 : 4, words);
  return words;
};

describe('host words', () => {
  test.each(['0.0.0.0', '192.0.2.1', '255.255.255.255', '127.0.0.1'])('read %s', (text) => {
    expect(read(text)).toEqual(hostWordsOf(ip(text)));
  });

  test.each([
    '::',
    '::1',
    '1::',
    '2001:db8::1',
    '2001:db8:1:2:3:4:5:6',
    '2001:DB8::ABCD:0',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '::ffff:192.0.2.1',
    '64:ff9b::192.0.2.33',
    '1:2:3:4:5:6:192.0.2.1',
  ])('read %s', (text) => {
    expect(read(text)).toEqual(hostWordsOf(ip(text)));
  });

  test('leave a zone out', () => {
    expect(read('fe80::1%eth0')).toEqual(hostWordsOf(ip('fe80::1')));
  });

  test('go back to the address they came from', () => {
    const random = createSeededRandom(7);
    for (let round = 0; round < 500; round += 1) {
      const family = round % 2 === 0 ? 4 : 6;
      const address = Uint8Array.from({ length: family === 4 ? 4 : 16 }, () =>
        random(3) === 0 ? 0 : random(256),
      );
      const words = read(formatIpAddress(address));
      expect(addressOfHostWords(words, family)).toEqual({ family, address });
    }
  });
});
