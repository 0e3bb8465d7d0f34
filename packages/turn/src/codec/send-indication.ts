import { ATTRIBUTE_TYPE, HEADER_BYTES, isComprehensionRequired, parseMessage } from '@callbox/stun';
import { codeOfFamily } from './address-family-codec.ts';
import { KNOWN_ATTRIBUTES } from './known-attributes.ts';
import { readInt32, readUint16 } from './octets.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** Message type of a Send indication: method 0x006, class indication (RFC 8656 §17). */
export const SEND_INDICATION_TYPE = 0x0016;

const COOKIE_HIGH = 0x2112;
const COOKIE = 0x2112a442 | 0;
const ATTRIBUTE_HEADER_BYTES = 4;
const IPV4_VALUE_BYTES = 8;
const IPV6_VALUE_BYTES = 20;

/** Where things lie in a Send indication. One is made per reader and filled again and again: media makes no objects. */
export interface SendIndication {
  peerFamily: 4 | 6;
  peerPort: number;
  /** The peer's address in four words; an IPv4 address is in the last, behind the prefix of mapped addresses. */
  readonly peerWords: Int32Array;
  dataStart: number;
  dataBytes: number;
}

/** Makes the one to be filled. */
export function createSendIndication(): SendIndication {
  return { peerFamily: 4, peerPort: 0, peerWords: new Int32Array(4), dataStart: 0, dataBytes: 0 };
}

/**
 * Reads a whole Send indication in place (RFC 8656 §11.2). False, and then it is to be dropped without a word, when
 * framing is wrong, XOR-PEER-ADDRESS or DATA are missing, or an attribute has to be understood and is not: since we
 * cannot fulfil DONT-FRAGMENT, it is one of these. Of repeated attributes the first counts (RFC 8489 §14).
 */
export function readSendIndication(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: SendIndication,
): boolean {
  if (!hasStunHeader(bytes, start, end)) return false;
  const found = into;
  let hasPeer = false;
  let hasData = false;
  let offset = start + HEADER_BYTES;
  while (offset < end) {
    const type = readUint16(bytes, offset);
    const valueStart = offset + ATTRIBUTE_HEADER_BYTES;
    const valueBytes = readUint16(bytes, offset + 2);
    if (valueStart + valueBytes > end) return false;
    if (type === TURN_ATTRIBUTE_TYPE.xorPeerAddress && !hasPeer) {
      if (!readPeer(bytes, start, valueStart, valueBytes, found)) return false;
      hasPeer = true;
    } else if (type === TURN_ATTRIBUTE_TYPE.data && !hasData) {
      found.dataStart = valueStart;
      found.dataBytes = valueBytes;
      hasData = true;
    } else if (isGuard(type)) {
      // Nobody sends these here, and what follows them is ignored: the general reader knows how.
      return parseMessage(bytes.subarray(start, end)).ok && hasPeer && hasData;
    } else if (mustBeRefused(type)) {
      return false;
    }
    offset = valueStart + ((valueBytes + 3) & ~3);
  }
  return hasPeer && hasData;
}

/** Integrity of an indication is not checked (RFC 8656 §5), FINGERPRINT is. */
function isGuard(type: number): boolean {
  return (
    type === ATTRIBUTE_TYPE.fingerprint ||
    type === ATTRIBUTE_TYPE.messageIntegrity ||
    type === ATTRIBUTE_TYPE.messageIntegritySha256
  );
}

function mustBeRefused(type: number): boolean {
  return (
    type === TURN_ATTRIBUTE_TYPE.dontFragment ||
    (isComprehensionRequired(type) && !KNOWN_ATTRIBUTES.has(type))
  );
}

function hasStunHeader(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES || readInt32(bytes, start + 4) !== COOKIE) return false;
  const bodyBytes = readUint16(bytes, start + 2);
  return bodyBytes % 4 === 0 && start + HEADER_BYTES + bodyBytes === end;
}

/** The port is XORed with half the cookie, the address with the cookie and the transaction id behind it (RFC 8489 §14.2). */
function readPeer(
  bytes: Uint8Array,
  start: number,
  valueStart: number,
  valueBytes: number,
  into: SendIndication,
): boolean {
  const family = bytes[valueStart + 1];
  const found = into;
  found.peerPort = readUint16(bytes, valueStart + 2) ^ COOKIE_HIGH;
  if (family === codeOfFamily(4) && valueBytes === IPV4_VALUE_BYTES) {
    found.peerFamily = 4;
    found.peerWords[0] = 0;
    found.peerWords[1] = 0;
    found.peerWords[2] = 0xffff;
    found.peerWords[3] = readInt32(bytes, valueStart + 4) ^ COOKIE;
    return true;
  }
  if (family === codeOfFamily(6) && valueBytes === IPV6_VALUE_BYTES) {
    found.peerFamily = 6;
    for (let word = 0; word < 4; word += 1) {
      found.peerWords[word] =
        readInt32(bytes, valueStart + 4 + word * 4) ^ readInt32(bytes, start + 4 + word * 4);
    }
    // An IPv4-mapped address has the words of the IPv4 address, but is not one: no permission can be for it.
    return !(found.peerWords[0] === 0 && found.peerWords[1] === 0 && found.peerWords[2] === 0xffff);
  }
  return false;
}
