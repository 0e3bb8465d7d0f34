import { HEADER_BYTES, MAGIC_COOKIE } from '@callbox/stun';
import { codeOfFamily } from './address-family-codec.ts';
import { readInt32, writeInt32, writeUint16 } from './octets.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** Message type of a Data indication: method 0x007, class indication (RFC 8656 §17). */
const DATA_INDICATION_TYPE = 0x0017;

const COOKIE = MAGIC_COOKIE | 0;
const COOKIE_HIGH = MAGIC_COOKIE >>> 16;
const TRANSACTION_ID_OFFSET = 8;
const ATTRIBUTE_HEADER_BYTES = 4;
const FAMILY_AND_PORT_BYTES = 4;

/** Octets in front of the payload: header, XOR-PEER-ADDRESS and the header of DATA. 36 or 48. */
export function dataIndicationHeaderBytes(family: 4 | 6): number {
  return HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + peerValueBytes(family) + ATTRIBUTE_HEADER_BYTES;
}

/** Where the data came from, and how much of it follows. */
export interface DataIndicationHeader {
  readonly family: 4 | 6;
  /** As in a Send indication: an IPv4 address is in the last word. */
  readonly peerWords: Int32Array;
  readonly peerPort: number;
  readonly dataBytes: number;
}

/**
 * Writes everything of a Data indication (RFC 8656 §11.4) but its payload and the padding behind it. The twelve octets
 * of the transaction id are there already: the caller has the randomness.
 */
export function writeDataIndicationHeader(
  bytes: Uint8Array,
  offset: number,
  { family, peerWords, peerPort, dataBytes }: DataIndicationHeader,
): void {
  const headerBytes = dataIndicationHeaderBytes(family);
  writeUint16(bytes, offset, DATA_INDICATION_TYPE);
  writeUint16(bytes, offset + 2, headerBytes - HEADER_BYTES + ((dataBytes + 3) & ~3));
  writeInt32(bytes, offset + 4, COOKIE);

  const peer = offset + HEADER_BYTES;
  writeUint16(bytes, peer, TURN_ATTRIBUTE_TYPE.xorPeerAddress);
  writeUint16(bytes, peer + 2, peerValueBytes(family));
  writeUint16(bytes, peer + 4, codeOfFamily(family));
  writeUint16(bytes, peer + 6, peerPort ^ COOKIE_HIGH);
  if (family === 4) {
    writeInt32(bytes, peer + 8, (peerWords[3] ?? 0) ^ COOKIE);
  } else {
    for (let word = 0; word < 4; word += 1) {
      const mask = readInt32(bytes, offset + TRANSACTION_ID_OFFSET - 4 + word * 4);
      writeInt32(bytes, peer + 8 + word * 4, (peerWords[word] ?? 0) ^ mask);
    }
  }
  writeUint16(bytes, offset + headerBytes - 4, TURN_ATTRIBUTE_TYPE.data);
  writeUint16(bytes, offset + headerBytes - 2, dataBytes);
}

function peerValueBytes(family: 4 | 6): number {
  return FAMILY_AND_PORT_BYTES + (family === 4 ? 4 : 16);
}
