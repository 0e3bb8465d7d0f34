import { HEADER_BYTES, MAGIC_COOKIE } from './wire-format.ts';

/** What shares a port with STUN, told apart by the first octet. */
export type DatagramKind = 'stun' | 'channel-data' | 'other';

/** The two highest bits decide: 00 is STUN (RFC 8489 §5), 01 is TURN's ChannelData (RFC 8656 §12.4). */
export function classifyDatagram(firstByte: number): DatagramKind {
  if (firstByte < 0x40) return 'stun';
  return firstByte < 0x80 ? 'channel-data' : 'other';
}

/**
 * A quick test that makes no objects: top bits, length field and cookie are those of one whole STUN message.
 * The attributes are not looked at: `parseMessage` has the last word.
 */
export function isStunMessage(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || classifyDatagram(bytes[0] ?? 0xff) !== 'stun') return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const bodyLength = view.getUint16(2);
  return (
    view.getUint32(4) === MAGIC_COOKIE && bodyLength % 4 === 0 && bytes.length === HEADER_BYTES + bodyLength
  );
}
