import type { Credential } from '../auth/credential-store.ts';
import type { FindUser } from './turn-server-options.ts';

/** What the embedder says of a user, or that he could not say. */
export type UserFinding =
  | { readonly kind: 'known'; readonly credential: Credential }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Asks the embedder, whatever he does: answer at once or later, throw, reject, or answer with what is no user. */
export async function askForUser(findUser: FindUser, username: string): Promise<UserFinding> {
  try {
    const found = await findUser(username);
    if (found === undefined) return { kind: 'unknown' };
    const { password, account = username, expiresAtEpochSeconds } = found;
    if (typeof password !== 'string' || typeof account !== 'string') {
      throw new TypeError('findUser gave a user without a password or with an account that is no text');
    }
    const expiry = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
    return { kind: 'known', credential: { username, passwords: [password], account, ...expiry } };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
