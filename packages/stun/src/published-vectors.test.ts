import { describe, expect, test } from 'vitest';
import {
  computeUserhash,
  encodeMessage,
  formatIpAddress,
  longTermKey,
  nonce,
  parseIpAddress,
  parseMessage,
  PASSWORD_ALGORITHM,
  passwordAlgorithm,
  readAttribute,
  realm,
  shortTermKey,
  software,
  userhash,
  username,
  verifyIntegrity,
  xorMappedAddress,
  type AttributeCodec,
  type EncodedAttribute,
  type StunMessage,
  type TransportAddress,
} from './index.ts';
import { computeFingerprint } from './integrity/compute-fingerprint.ts';
import { computeIntegrity } from './integrity/compute-integrity.ts';
import { fromHex, toHex } from './testing/hex.ts';
import {
  BROWSER_CAPTURES,
  RFC5769_IPV4_RESPONSE,
  RFC5769_IPV6_RESPONSE,
  RFC5769_LONG_TERM_REQUEST,
  RFC5769_REQUEST,
  RFC8489_LONG_TERM_REQUEST,
} from './testing/published-vectors.ts';

const SPACE = 0x20;
const UNPADDED_INTEGRITY_ATTRIBUTE_BYTES = 24;
const FINGERPRINT_ATTRIBUTE_BYTES = 8;

function parse(bytes: Uint8Array): StunMessage {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) throw new Error(`not a message: ${parsed.reason}`);
  return parsed.message;
}

function valueOf<T>(message: StunMessage, codec: AttributeCodec<T>): T {
  const reading = readAttribute(message, codec);
  if (reading.kind !== 'present') throw new Error(`${codec.name} is ${reading.kind}`);
  return reading.value;
}

function address({ ip, port }: { readonly ip: string; readonly port: number }): TransportAddress {
  const parsed = parseIpAddress(ip);
  if (parsed === undefined) throw new Error(`not an address: ${ip}`);
  return { ...parsed, port };
}

/** The two attributes of the first vector that belong to ICE. */
const ICE_PRIORITY: EncodedAttribute = { type: 0x0024, value: fromHex('6e0001ff') };
const ICE_CONTROLLED: EncodedAttribute = { type: 0x8029, value: fromHex('932ff9b151263b36') };

/** Our encoder pads with zeros, these vectors with spaces: paints the padding at `paddings` and signs anew. */
function padWithSpaces(encoded: Uint8Array, paddings: readonly number[], key: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(encoded);
  for (const offset of paddings) {
    expect(bytes[offset]).toBe(0);
    bytes[offset] = SPACE;
  }
  const fingerprintAt = bytes.length - FINGERPRINT_ATTRIBUTE_BYTES;
  const integrityAt = fingerprintAt - UNPADDED_INTEGRITY_ATTRIBUTE_BYTES;
  bytes.set(computeIntegrity({ algorithm: 'sha1', key, bytes, offset: integrityAt }), integrityAt + 4);
  new DataView(bytes.buffer).setUint32(fingerprintAt + 4, computeFingerprint(bytes, fingerprintAt));
  return bytes;
}

describe('RFC 5769 §2.1, a request with short-term credentials', () => {
  const vector = RFC5769_REQUEST;
  const key = shortTermKey(vector.password);

  test('is read as printed', () => {
    const message = parse(vector.bytes);
    expect(message).toMatchObject({ class: 'request', method: 1 });
    expect(toHex(message.transactionId)).toBe('b7e7a701bc34d686fa87dfae');
    expect(valueOf(message, software)).toBe(vector.software);
    expect(valueOf(message, username)).toBe(vector.username);
    expect(verifyIntegrity(message, key)).toBe('ok');
    expect(verifyIntegrity(message, shortTermKey('another'))).toBe('wrong');
  });

  test('is written as printed, but for the padding, which the vector fills with spaces', () => {
    const transactionId = fromHex('b7e7a701bc34d686fa87dfae');
    const encoded = encodeMessage({
      class: 'request',
      method: 1,
      transactionId,
      attributes: [
        software.encode(vector.software, transactionId),
        ICE_PRIORITY,
        ICE_CONTROLLED,
        username.encode(vector.username, transactionId),
      ],
      integrity: { algorithm: 'sha1', key },
      fingerprint: true,
    });
    expect(toHex(padWithSpaces(encoded, [73, 74, 75], key))).toBe(toHex(vector.bytes));
  });
});

describe.each([
  ['RFC 5769 §2.2, a response over IPv4', RFC5769_IPV4_RESPONSE],
  ['RFC 5769 §2.3, a response over IPv6', RFC5769_IPV6_RESPONSE],
])('%s', (_, vector) => {
  const key = shortTermKey(vector.password);

  test('is read as printed', () => {
    const message = parse(vector.bytes);
    expect(message).toMatchObject({ class: 'success', method: 1 });
    expect(valueOf(message, software)).toBe(vector.software);
    const mapped = valueOf(message, xorMappedAddress);
    expect({ ip: formatIpAddress(mapped.address), port: mapped.port }).toEqual(vector.mapped);
    expect(verifyIntegrity(message, key)).toBe('ok');
  });

  test('is written as printed, but for the padding, which the vector fills with spaces', () => {
    const transactionId = fromHex('b7e7a701bc34d686fa87dfae');
    const encoded = encodeMessage({
      class: 'success',
      method: 1,
      transactionId,
      attributes: [
        software.encode(vector.software, transactionId),
        xorMappedAddress.encode(address(vector.mapped), transactionId),
      ],
      integrity: { algorithm: 'sha1', key },
      fingerprint: true,
    });
    expect(toHex(padWithSpaces(encoded, [35], key))).toBe(toHex(vector.bytes));
  });
});

describe('RFC 5769 §2.4, a request with long-term credentials', () => {
  const vector = RFC5769_LONG_TERM_REQUEST;
  const key = longTermKey({ ...vector, algorithm: 'md5' });

  test('is read as printed', () => {
    const message = parse(vector.bytes);
    expect(valueOf(message, username)).toBe(vector.username);
    expect(valueOf(message, realm)).toBe(vector.realm);
    expect(valueOf(message, nonce)).toBe(vector.nonce);
    expect(verifyIntegrity(message, key)).toBe('ok');
  });

  test('is written as printed', () => {
    const transactionId = fromHex('78ad3433c6ad72c029da412e');
    const encoded = encodeMessage({
      class: 'request',
      method: 1,
      transactionId,
      attributes: [
        username.encode(vector.username, transactionId),
        nonce.encode(vector.nonce, transactionId),
        realm.encode(vector.realm, transactionId),
      ],
      integrity: { algorithm: 'sha1', key },
    });
    expect(toHex(encoded)).toBe(toHex(vector.bytes));
  });
});

describe('RFC 8489 §B.1, a request with USERHASH and MESSAGE-INTEGRITY-SHA256', () => {
  const vector = RFC8489_LONG_TERM_REQUEST;
  const key = longTermKey({ ...vector, algorithm: 'sha256' });
  const sha256 = { algorithm: PASSWORD_ALGORITHM.sha256, parameters: new Uint8Array() };

  test('is read as printed', () => {
    const message = parse(vector.bytes);
    expect(toHex(valueOf(message, userhash))).toBe(toHex(computeUserhash(vector.username, vector.realm)));
    expect(valueOf(message, realm)).toBe(vector.realm);
    expect(valueOf(message, nonce)).toBe(vector.nonce);
    expect(valueOf(message, passwordAlgorithm)).toEqual(sha256);
    expect(verifyIntegrity(message, key)).toBe('ok');
    expect(verifyIntegrity(message, longTermKey({ ...vector, algorithm: 'md5' }))).toBe('wrong');
  });

  test('is written as printed', () => {
    const transactionId = fromHex('78ad3433c6ad72c029da412e');
    const encoded = encodeMessage({
      class: 'request',
      method: 1,
      transactionId,
      attributes: [
        userhash.encode(computeUserhash(vector.username, vector.realm), transactionId),
        nonce.encode(vector.nonce, transactionId),
        realm.encode(vector.realm, transactionId),
        passwordAlgorithm.encode(sha256, transactionId),
      ],
      integrity: { algorithm: 'sha256', key },
    });
    expect(toHex(encoded)).toBe(toHex(vector.bytes));
  });
});

describe('captures', () => {
  test.each(Object.entries(BROWSER_CAPTURES))('a Binding request of %s is understood', (_, bytes) => {
    const message = parse(bytes);
    expect(message).toMatchObject({ class: 'request', method: 1 });
    expect(message.bytes).toBe(bytes);
  });
});
