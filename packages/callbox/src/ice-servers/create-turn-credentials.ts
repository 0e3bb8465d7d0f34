import { createHmac } from 'node:crypto';

export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/**
 * Credentials that the relay can check without having heard of them: the name carries the end of their life, the
 * password proves that we wrote it (draft-uberti-behave-turn-rest-00 §2.2).
 *
 * @param expiresAtSeconds in seconds since 1970.
 */
export function createTurnCredentials(secret: string, id: string, expiresAtSeconds: number): TurnCredentials {
  const username = `${expiresAtSeconds}:${id}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
