import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TransportAddress } from '@callbox/stun';

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

/** Sixteen characters: they are part of each answer to a stranger, which should stay small. */
const NONCE_PATTERN = /^[\w-]{16}$/u;
const STAMP_BYTES = 4;
const TAG_BYTES = 8;

/** The least that a key may have. */
export const MIN_NONCE_KEY_BYTES = 16;

/**
 * Stateless nonces (RFC 8656 §5, RFC 8489 §9.2.1): a time stamp and an HMAC over it and the client's address, in base64.
 * Everybody who has the key knows them: listeners, workers, the process after a restart, other machines.
 */
export function createNonces(key: Uint8Array, lifetimeSeconds: number): Nonces {
  const encode = (stamp: number, client: TransportAddress): string => {
    const nonce = Buffer.alloc(STAMP_BYTES + TAG_BYTES);
    nonce.writeUInt32BE(stamp >>> 0, 0);
    const port = Uint8Array.of(client.port >>> 8, client.port);
    const tag = createHmac('sha256', key)
      .update(nonce.subarray(0, STAMP_BYTES))
      .update(port)
      .update(client.address)
      .digest();
    nonce.set(tag.subarray(0, TAG_BYTES), STAMP_BYTES);
    return nonce.toString('base64url');
  };

  return {
    issue: (client, epochSeconds) => encode(epochSeconds, client),
    judge: (nonce, client, epochSeconds) => {
      if (!NONCE_PATTERN.test(nonce)) return 'foreign';
      const stamp = Buffer.from(nonce, 'base64url').readUInt32BE(0);
      if (!timingSafeEqual(Buffer.from(nonce), Buffer.from(encode(stamp, client)))) return 'foreign';
      // Another machine's clock may be ahead of ours.
      return Math.abs(epochSeconds - stamp) > lifetimeSeconds ? 'stale' : 'valid';
    },
  };
}
