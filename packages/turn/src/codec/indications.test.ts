import {
  ATTRIBUTE_TYPE,
  encodeMessage,
  parseMessage,
  readAttribute,
  type EncodedAttribute,
  type TransportAddress,
} from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { addressOfHostWords, hostWordsOf } from '../plane/host-words.ts';
import { at } from '../testing/addresses.ts';
import { data } from './data.ts';
import { dataIndicationHeaderBytes, writeDataIndicationHeader } from './data-indication.ts';
import { dontFragment } from './dont-fragment.ts';
import { TURN_METHOD } from './method.ts';
import { createSendIndication, readSendIndication } from './send-indication.ts';
import { xorPeerAddress } from './xor-peer-address.ts';

const transactionId = Uint8Array.from({ length: 12 }, (_, index) => 0xf0 ^ index);
const V4 = at('192.0.2.33', 4711);
const V6 = at('2001:db8:1234:5678:11:2233:4455:6677', 4711);
const peer = (address: TransportAddress): EncodedAttribute => xorPeerAddress.encode(address, transactionId);
const payload = (...octets: number[]): EncodedAttribute =>
  data.encode(Uint8Array.from(octets), transactionId);

function indication(attributes: readonly EncodedAttribute[], fingerprint = false): Uint8Array {
  const header = { class: 'indication', method: TURN_METHOD.send, transactionId } as const;
  return encodeMessage({ ...header, attributes, fingerprint });
}

/** Reads with other octets in front and behind, as in a buffer that holds more than the message. */
function read(
  octets: Uint8Array,
): { readonly peer: TransportAddress; readonly payload: readonly number[] } | undefined {
  const bytes = Uint8Array.of(0xaa, 0xbb, 0xcc, ...octets, 0xdd);
  const into = createSendIndication();
  if (!readSendIndication(bytes, 3, 3 + octets.length, into)) return undefined;
  return {
    peer: { ...addressOfHostWords(into.peerWords, into.peerFamily), port: into.peerPort },
    payload: [...bytes.subarray(into.dataStart, into.dataStart + into.dataBytes)],
  };
}

describe('a Send indication', () => {
  test.each([
    ['IPv4', V4],
    ['IPv6', V6],
  ])('is read in place: %s', (_name, address) => {
    expect(read(indication([peer(address), payload(1, 2, 3)]))).toEqual({
      peer: address,
      payload: [1, 2, 3],
    });
  });

  test('may carry nothing', () => {
    expect(read(indication([peer(V4), payload()]))).toEqual({ peer: V4, payload: [] });
  });

  test('may have its attributes in any order, and others that need not be understood', () => {
    const optional = { type: 0xff05, value: new Uint8Array(3) };
    const software = { type: ATTRIBUTE_TYPE.software, value: new Uint8Array(5) };
    expect(read(indication([optional, payload(9), software, peer(V4)]))).toEqual({ peer: V4, payload: [9] });
  });

  test('counts the first of repeated attributes', () => {
    const twice = [peer(V4), peer(V6), payload(1), payload(2)];
    expect(read(indication(twice))).toEqual({ peer: V4, payload: [1] });
  });

  test.each([
    ['no peer', [payload(1)]],
    ['no data', [peer(V4)]],
    ['a malformed peer', [{ type: xorPeerAddress.type, value: new Uint8Array(7) }, payload(1)]],
    ['a peer of no family', [{ type: xorPeerAddress.type, value: new Uint8Array(8) }, payload(1)]],
    ['an IPv4-mapped peer', [peer(at('::ffff:192.0.2.33', 4711)), payload(1)]],
    ['DONT-FRAGMENT', [peer(V4), dontFragment.encode(new Uint8Array(), transactionId), payload(1)]],
    ['an unknown attribute', [peer(V4), { type: 0x7777, value: new Uint8Array() }, payload(1)]],
  ])('with %s is dropped', (_name, attributes) => {
    expect(read(indication(attributes))).toBeUndefined();
  });

  test('must have the FINGERPRINT it has', () => {
    const octets = indication([peer(V4), payload(1)], true);
    expect(read(octets)).toEqual({ peer: V4, payload: [1] });
    octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1;
    expect(read(octets)).toBeUndefined();
  });

  test('ends where an integrity attribute stands', () => {
    const integrity = { type: ATTRIBUTE_TYPE.messageIntegrity, value: new Uint8Array(20) };
    expect(read(indication([peer(V4), payload(1), integrity]))).toEqual({ peer: V4, payload: [1] });
    expect(read(indication([peer(V4), integrity, payload(1)]))).toBeUndefined();
  });

  test('cut short anywhere, or too long, is dropped', () => {
    const octets = indication([peer(V4), payload(1, 2, 3)]);
    for (let length = 0; length < octets.length; length += 1) {
      expect(read(octets.subarray(0, length))).toBeUndefined();
    }
    expect(read(Uint8Array.of(...octets, 0, 0, 0, 0))).toBeUndefined();
  });

  test('whose attribute runs over its end is dropped', () => {
    const octets = indication([peer(V4), payload(1, 2, 3, 4)]);
    new DataView(octets.buffer).setUint16(octets.length - 6, 5);
    expect(read(octets)).toBeUndefined();
  });
});

describe('a Data indication', () => {
  test.each([
    ['IPv4', V4, 36],
    ['IPv6', V6, 48],
  ])('written in place is what the general reader understands: %s', (_name, address, headerBytes) => {
    expect(dataIndicationHeaderBytes(address.family)).toBe(headerBytes);
    const offset = 5;
    const bytes = new Uint8Array(offset + headerBytes + 4);
    bytes.set(transactionId, offset + 8);
    writeDataIndicationHeader(bytes, offset, {
      family: address.family,
      peerWords: hostWordsOf(address),
      peerPort: address.port,
      dataBytes: 3,
    });
    bytes.set([7, 8, 9], offset + headerBytes);

    const parsed = parseMessage(bytes.subarray(offset));
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(parsed.message).toMatchObject({ class: 'indication', method: TURN_METHOD.data });
    expect(readAttribute(parsed.message, xorPeerAddress)).toEqual({ kind: 'present', value: address });
    expect(readAttribute(parsed.message, data)).toEqual({
      kind: 'present',
      value: Uint8Array.of(7, 8, 9),
    });
  });
});
