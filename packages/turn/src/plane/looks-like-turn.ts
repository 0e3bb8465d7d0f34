import { MAGIC_COOKIE } from '@callbox/stun';
import { startsChannelData } from '../codec/channel-data.ts';
import { readInt32 } from '../codec/octets.ts';

const COOKIE = MAGIC_COOKIE | 0;
const COOKIE_END = 8;

/**
 * A look at the first eight octets of a datagram, before anything else is done about it: ChannelData by its first, STUN by
 * its first and its cookie (RFC 8489 §5). What passes may still be malformed.
 */
export function looksLikeTurn(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (start >= end) return false;
  const first = bytes[start] ?? 0xff;
  if (startsChannelData(first)) return true;
  return first < 0x40 && end - start >= COOKIE_END && readInt32(bytes, start + 4) === COOKIE;
}
