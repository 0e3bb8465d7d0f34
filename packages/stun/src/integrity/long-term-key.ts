import { createHash } from 'node:crypto';
import { prepareOpaqueString } from './prepare-opaque-string.ts';

/** What a long-term key is made of (RFC 8489 §9.2.2). */
export interface LongTermCredential {
  /** As it stands in USERNAME. */
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  /** Every client in use means `md5`; `sha256` only where PASSWORD-ALGORITHM says so. */
  readonly algorithm: 'md5' | 'sha256';
}

/** The HMAC key of the long-term mechanism: a hash over user, realm and password (RFC 8489 §18.5.1). */
export function longTermKey({ username, realm, password, algorithm }: LongTermCredential): Uint8Array {
  const text = `${username}:${prepareOpaqueString(realm)}:${prepareOpaqueString(password)}`;
  return new Uint8Array(createHash(algorithm).update(text, 'utf8').digest());
}

/** The HMAC key of the short-term mechanism: the password itself (RFC 8489 §9.1.1). */
export function shortTermKey(password: string): Uint8Array {
  return new TextEncoder().encode(prepareOpaqueString(password));
}
