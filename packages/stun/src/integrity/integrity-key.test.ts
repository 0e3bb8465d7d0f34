import { expect, test } from 'vitest';
import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { encodeMessage } from '../message/encode-message.ts';
import { parseMessage } from '../message/parse-message.ts';
import { fromHex } from '../testing/hex.ts';
import { IntegrityKey } from './integrity-key.ts';
import { verifyIntegrity } from './verify-integrity.ts';

const octets = fromHex('00112233445566778899aabbccddeeff');
const otherOctets = fromHex('ff112233445566778899aabbccddeeff');

/** Of every length from no attribute at all to more than two blocks of the hash. */
const messages = Array.from({ length: 40 }, (_, length) => ({
  class: 'request' as const,
  method: 3,
  transactionId: fromHex('000102030405060708090a0b'),
  attributes: [{ type: ATTRIBUTE_TYPE.username, value: new Uint8Array(length * 4).fill(length) }],
}));

test.each(['sha1', 'sha256'] as const)(
  'a prepared key writes and accepts what its octets do, with %s',
  (algorithm) => {
    const [key, otherKey] = [new IntegrityKey(octets), new IntegrityKey(otherOctets)];
    for (const message of messages) {
      const bytes = encodeMessage({ ...message, integrity: { algorithm, key } });
      expect(bytes).toEqual(encodeMessage({ ...message, integrity: { algorithm, key: octets } }));
      const parsed = parseMessage(bytes);
      if (!parsed.ok) throw new Error(parsed.reason);
      expect(verifyIntegrity(parsed.message, key)).toBe('ok');
      expect(verifyIntegrity(parsed.message, octets)).toBe('ok');
      expect(verifyIntegrity(parsed.message, otherKey)).toBe('wrong');
    }
  },
);
