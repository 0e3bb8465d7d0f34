import { HmacSha1, type TransportAddress } from '@callbox/stun';

/** Makes and knows nonces without remembering any. Their characters travel as octets: ASCII. */
export interface Nonces {
  issue(client: TransportAddress, epochSeconds: number): Uint8Array;
  /**
   * `valid` or `stale` for a nonce that was issued to this very address and port: whoever shows it has heard us there. Anything
   * else is `foreign`.
   */
  judge(nonce: Uint8Array, client: TransportAddress, epochSeconds: number): NonceVerdict;
}

export type NonceVerdict = 'valid' | 'stale' | 'foreign';

const STAMP_BYTES = 4;
const TAG_BYTES = 8;
const NONCE_BYTES = STAMP_BYTES + TAG_BYTES;
/** Of base64 without padding: they are part of each answer to a stranger, which should stay small. */
const NONCE_CHARACTERS = 16;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CHARACTERS = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
/** Character code to six bits; 64 for what is not in the alphabet. */
const SIX_BITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const bits = ALPHABET.indexOf(String.fromCharCode(code));
  return bits === -1 ? 64 : bits;
});

/** The least that a key may have. */
export const MIN_NONCE_KEY_BYTES = 16;

/** Octets of the longest claim: a stamp, a port, an IPv6 address. */
const MAX_CLAIM_BYTES = STAMP_BYTES + 2 + 16;

/**
 * Stateless nonces (RFC 8656 §5, RFC 8489 §9.2.1): a time stamp and an HMAC over it and the client's address, in base64.
 * Everybody who has the key knows them: listeners, workers, the process after a restart, other machines.
 */
export function createNonces(key: Uint8Array, lifetimeSeconds: number): Nonces {
  const hmac = new HmacSha1(key);
  // Room to compute in, filled anew by every call.
  const claim = new Uint8Array(MAX_CLAIM_BYTES);
  const claims = { 4: claim.subarray(0, STAMP_BYTES + 2 + 4), 6: claim };
  const expected = new Uint8Array(NONCE_BYTES);
  const shown = new Uint8Array(NONCE_BYTES);

  /** The nonce of a stamp and a client, into `expected`. */
  const compute = (stamp: number, { family, address, port }: TransportAddress): void => {
    writeStamp(claim, stamp);
    claim[STAMP_BYTES] = port >>> 8;
    claim[STAMP_BYTES + 1] = port;
    for (let index = 0; index < address.length; index += 1)
      claim[STAMP_BYTES + 2 + index] = address[index] ?? 0;
    writeStamp(expected, stamp);
    const tag = hmac.compute(claims[family]);
    for (let index = 0; index < TAG_BYTES; index += 1) expected[STAMP_BYTES + index] = tag[index] ?? 0;
  };

  return {
    issue: (client, epochSeconds) => {
      compute(epochSeconds, client);
      return encodeBase64Url(expected);
    },
    judge: (nonce, client, epochSeconds) => {
      if (!decodeBase64Url(nonce, shown)) return 'foreign';
      const stamp = readStamp(shown);
      compute(stamp, client);
      if (!isEqual(shown, expected)) return 'foreign';
      // Another machine's clock may be ahead of ours.
      return Math.abs(epochSeconds - stamp) > lifetimeSeconds ? 'stale' : 'valid';
    },
  };
}

/** In a time that does not depend on where they differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < NONCE_BYTES; index += 1) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function writeStamp(bytes: Uint8Array, stamp: number): void {
  const into = bytes;
  for (let index = 0; index < STAMP_BYTES; index += 1) into[index] = stamp >>> (24 - 8 * index);
}

function readStamp(octets: Uint8Array): number {
  let stamp = 0;
  for (let index = 0; index < STAMP_BYTES; index += 1) stamp = (stamp << 8) | (octets[index] ?? 0);
  return stamp >>> 0;
}

/** Twelve octets as sixteen characters, which are octets themselves. */
function encodeBase64Url(octets: Uint8Array): Uint8Array {
  const text = new Uint8Array(NONCE_CHARACTERS);
  for (let group = 0; group < NONCE_BYTES / 3; group += 1) {
    const at = group * 3;
    const bits = ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
    for (let index = 0; index < 4; index += 1) {
      text[group * 4 + index] = CHARACTERS[(bits >>> (18 - 6 * index)) & 63] ?? 0;
    }
  }
  return text;
}

/** Sixteen characters as twelve octets; false for any other text. */
function decodeBase64Url(text: Uint8Array, into: Uint8Array): boolean {
  if (text.length !== NONCE_CHARACTERS) return false;
  const octets = into;
  for (let group = 0; group < NONCE_BYTES / 3; group += 1) {
    let bits = 0;
    for (let index = 0; index < 4; index += 1) {
      const six = SIX_BITS[text[group * 4 + index] ?? 0] ?? 64;
      if (six === 64) return false;
      bits = (bits << 6) | six;
    }
    octets[group * 3] = bits >>> 16;
    octets[group * 3 + 1] = bits >>> 8;
    octets[group * 3 + 2] = bits;
  }
  return true;
}
