import { timingSafeEqual } from 'node:crypto';
import { createHmacSha1, type TransportAddress } from '@callbox/stun';

/** Makes and knows nonces without remembering any. */
export interface Nonces {
  issue(client: TransportAddress, epochSeconds: number): string;
  /**
   * `valid` or `stale` for a nonce that was issued to this very address and port: whoever shows it has heard us there. Anything
   * else is `foreign`.
   */
  judge(nonce: string, client: TransportAddress, epochSeconds: number): NonceVerdict;
}

export type NonceVerdict = 'valid' | 'stale' | 'foreign';

const STAMP_BYTES = 4;
const TAG_BYTES = 8;
const NONCE_BYTES = STAMP_BYTES + TAG_BYTES;
/** Of base64 without padding: they are part of each answer to a stranger, which should stay small. */
const NONCE_CHARACTERS = 16;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Character code to six bits; 64 for what is not in the alphabet. */
const SIX_BITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const bits = ALPHABET.indexOf(String.fromCharCode(code));
  return bits === -1 ? 64 : bits;
});

/** The least that a key may have. */
export const MIN_NONCE_KEY_BYTES = 16;

/**
 * Stateless nonces (RFC 8656 §5, RFC 8489 §9.2.1): a time stamp and an HMAC over it and the client's address, in base64.
 * Everybody who has the key knows them: listeners, workers, the process after a restart, other machines.
 */
export function createNonces(key: Uint8Array, lifetimeSeconds: number): Nonces {
  const authenticate = createHmacSha1(key);
  /** The nonce of a stamp and a client, as octets. */
  const octetsOf = (stamp: number, { address, port }: TransportAddress): Uint8Array => {
    const claim = new Uint8Array(STAMP_BYTES + 2 + address.length);
    writeStamp(claim, stamp);
    claim[STAMP_BYTES] = port >>> 8;
    claim[STAMP_BYTES + 1] = port;
    claim.set(address, STAMP_BYTES + 2);
    const octets = new Uint8Array(NONCE_BYTES);
    writeStamp(octets, stamp);
    octets.set(authenticate(claim).subarray(0, TAG_BYTES), STAMP_BYTES);
    return octets;
  };

  return {
    issue: (client, epochSeconds) => encodeBase64Url(octetsOf(epochSeconds, client)),
    judge: (nonce, client, epochSeconds) => {
      const octets = decodeBase64Url(nonce);
      if (octets === undefined) return 'foreign';
      const stamp = readStamp(octets);
      if (!timingSafeEqual(octets, octetsOf(stamp, client))) return 'foreign';
      // Another machine's clock may be ahead of ours.
      return Math.abs(epochSeconds - stamp) > lifetimeSeconds ? 'stale' : 'valid';
    },
  };
}

function writeStamp(into: Uint8Array, stamp: number): void {
  for (let index = 0; index < STAMP_BYTES; index += 1) into[index] = stamp >>> (24 - 8 * index);
}

function readStamp(octets: Uint8Array): number {
  let stamp = 0;
  for (let index = 0; index < STAMP_BYTES; index += 1) stamp = (stamp << 8) | (octets[index] ?? 0);
  return stamp >>> 0;
}

/** Twelve octets as sixteen characters. By hand: a Buffer for each request would be most of what a nonce costs. */
function encodeBase64Url(octets: Uint8Array): string {
  let text = '';
  for (let index = 0; index < NONCE_BYTES; index += 3) {
    const bits = ((octets[index] ?? 0) << 16) | ((octets[index + 1] ?? 0) << 8) | (octets[index + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += ALPHABET[(bits >>> shift) & 63] ?? '';
  }
  return text;
}

/** Sixteen characters as twelve octets; undefined for any other text. */
function decodeBase64Url(text: string): Uint8Array | undefined {
  if (text.length !== NONCE_CHARACTERS) return undefined;
  const octets = new Uint8Array(NONCE_BYTES);
  for (let group = 0; group < NONCE_BYTES / 3; group += 1) {
    let bits = 0;
    for (let index = 0; index < 4; index += 1) {
      const six = SIX_BITS[text.charCodeAt(group * 4 + index)] ?? 64;
      if (six === 64) return undefined;
      bits = (bits << 6) | six;
    }
    octets[group * 3] = bits >>> 16;
    octets[group * 3 + 1] = bits >>> 8;
    octets[group * 3 + 2] = bits;
  }
  return octets;
}
