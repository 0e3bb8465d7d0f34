import { CHANNEL_NUMBER } from './channel-number.ts';
import { readUint16, writeUint16 } from './octets.ts';

/** Channel number and length, in front of the payload (RFC 8656 §12.4). */
export const CHANNEL_DATA_HEADER_BYTES = 4;

/** True for a first octet that starts a channel number this server may have bound. */
export function startsChannelData(firstOctet: number): boolean {
  return firstOctet >= CHANNEL_NUMBER.min >> 8 && firstOctet <= CHANNEL_NUMBER.max >> 8;
}

/** The payload's length, or -1 where the octets end before it does. Octets behind it are padding (RFC 8656 §12.5). */
export function channelDataLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < CHANNEL_DATA_HEADER_BYTES) return -1;
  const length = readUint16(bytes, start + 2);
  return start + CHANNEL_DATA_HEADER_BYTES + length > end ? -1 : length;
}

/** Writes the four octets in front of a payload. */
export function writeChannelDataHeader(
  bytes: Uint8Array,
  offset: number,
  channel: number,
  payloadBytes: number,
): void {
  writeUint16(bytes, offset, channel);
  writeUint16(bytes, offset + 2, payloadBytes);
}
