import { createHash } from 'node:crypto';
import { prepareOpaqueString } from './prepare-opaque-string.ts';

/** The value of USERHASH, which names a user without showing the name (RFC 8489 §14.4). 32 octets. */
export function computeUserhash(username: string, realm: string): Uint8Array {
  const text = `${prepareOpaqueString(username)}:${prepareOpaqueString(realm)}`;
  return new Uint8Array(createHash('sha256').update(text, 'utf8').digest());
}
