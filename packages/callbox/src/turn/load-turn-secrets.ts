import { hkdfSync, randomBytes } from 'node:crypto';
import type { DataDirectory } from '../data-directory.ts';

/** What the relay's credentials and nonces are made with. Kept, so that a restart leaves those in use valid. */
export interface TurnSecrets {
  /** Signs the time-limited credentials. */
  readonly sharedSecret: string;
  readonly nonceKey: Uint8Array;
}

async function loadOrMake(directory: DataDirectory, name: string): Promise<string> {
  const kept = (await directory.read(name))?.trim();
  if (kept !== undefined && kept !== '') return kept;
  const made = randomBytes(32).toString('base64url');
  await directory.write(name, `${made}\n`);
  return made;
}

/** Reads the secrets of the data directory, and makes those that are missing. */
export async function loadTurnSecrets(directory: DataDirectory): Promise<TurnSecrets> {
  return {
    sharedSecret: await loadOrMake(directory, 'turn-secret'),
    nonceKey: Buffer.from(await loadOrMake(directory, 'turn-nonce-key')),
  };
}

/**
 * The nonce key of all machines that are given this secret (RFC 5869), so that a client may turn to any of them with a
 * nonce of another.
 */
export function deriveNonceKey(turnSecret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', turnSecret, '', 'callbox nonce key', 32));
}
