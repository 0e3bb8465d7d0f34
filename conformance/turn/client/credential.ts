import { createHmac } from 'node:crypto';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** A time-limited credential of a shared secret: name `expiry:id`, password base64 of HMAC-SHA1 over it. */
export function timeLimitedCredential(
  sharedSecret: string,
  expiresAtSeconds: number,
  id = 'ana',
): Credential {
  const username = `${expiresAtSeconds}:${id}`;
  return { username, password: createHmac('sha1', sharedSecret).update(username).digest('base64') };
}

/** Seconds since 1970, `offset` from now. */
export function secondsFromNow(offset: number): number {
  return Math.floor(Date.now() / 1000) + offset;
}
