import {
  computeUserhash,
  longTermKey,
  messageIntegrity,
  messageIntegritySha256,
  nonce as nonceAttribute,
  passwordAlgorithm,
  PASSWORD_ALGORITHM,
  readAttribute,
  realm as realmAttribute,
  userhash as userhashAttribute,
  username as usernameAttribute,
  verifyIntegrity,
  type IntegrityAlgorithm,
  type StunMessage,
  type TransportAddress,
} from '@callbox/stun';
import type { Credential, CredentialStore } from './credential-store.ts';
import type { Nonces } from './nonce.ts';

/** Somebody whose request holds. */
export interface VerifiedUser {
  readonly username: string;
  readonly account: string;
  readonly key: Uint8Array;
  /** Answers are signed as the request was. */
  readonly algorithm: IntegrityAlgorithm;
  readonly expiresAtEpochSeconds?: number | undefined;
}

/** Who made an allocation, with the key that held then: secrets may have been rotated since. */
export interface KnownUser {
  readonly username: string;
  readonly account: string;
  readonly key: Uint8Array;
}

export type Authentication =
  | { readonly kind: 'verified'; readonly user: VerifiedUser }
  /** `challenge`: REALM and a fresh NONCE go with the answer (RFC 8489 §9.2.4). */
  | {
      readonly kind: 'refused';
      readonly code: 400 | 401 | 438 | 441;
      readonly challenge: boolean;
      /** True where the sender has shown that what we answer comes to him: it cannot be sent to anybody in his name. */
      readonly hasHeardUs?: boolean;
      /** What lies behind a 401 that is not the normal challenge; the client cannot tell these apart. */
      readonly refusal?: {
        readonly reason: 'unknown-user' | 'wrong-password' | 'expired-credential';
        readonly account?: string | undefined;
      };
    }
  /** The store does not know this user; the embedder may. */
  | { readonly kind: 'ask'; readonly username: string };

export interface AuthenticationContext {
  readonly realm: string;
  readonly credentials: CredentialStore;
  readonly nonces: Nonces;
  readonly client: TransportAddress;
  readonly epochSeconds: number;
  /** The owner of the client's allocation, if it has one. */
  readonly owner: KnownUser | undefined;
  /** What the embedder said of somebody whom the store does not know; absent when he has not been asked. */
  readonly answer?: UserAnswer | undefined;
  /** True where the embedder can be asked. */
  readonly mayAsk: boolean;
}

/** An embedder's word on a user: whom he knows has a credential. */
export interface UserAnswer {
  readonly username: string;
  readonly credential: Credential | undefined;
}

type Refused = Extract<Authentication, { kind: 'refused' }>;

type Claims = {
  readonly identity:
    | { readonly kind: 'username'; readonly username: string }
    | { readonly kind: 'userhash'; readonly userhash: Uint8Array };
  readonly realm: string;
  readonly nonce: string;
  readonly keyAlgorithm: 'md5' | 'sha256';
  readonly algorithm: IntegrityAlgorithm;
};

/** Stands for the password of users we do not know, so that they take as long to refuse as wrong passwords. */
const NO_PASSWORD = '';

/**
 * The long-term mechanism (RFC 8489 §9.2.4). The nonce is checked before the user is looked up, so that only clients
 * that can hear us make us compute more than one HMAC. Expiry is not judged here: a call may outlive its credential.
 */
export function authenticate(message: StunMessage, context: AuthenticationContext): Authentication {
  const sha1 = readAttribute(message, messageIntegrity);
  const sha256 = readAttribute(message, messageIntegritySha256);
  if (sha1.kind === 'absent' && sha256.kind === 'absent') return challenge(401);
  if (sha1.kind === 'malformed' || sha256.kind === 'malformed') return BAD_REQUEST;
  const claims = readClaims(message, sha256.kind === 'present' ? 'sha256' : 'sha1');
  if (claims === undefined) return BAD_REQUEST;

  const verdict = context.nonces.judge(claims.nonce, context.client, context.epochSeconds);
  if (verdict !== 'valid') return { ...challenge(438), hasHeardUs: verdict === 'stale' };
  if (claims.realm !== context.realm) {
    // A key of another realm cannot be checked; what can be said is that it did not make this allocation.
    return context.owner === undefined ? challenge(401) : { kind: 'refused', code: 441, challenge: false };
  }
  const owner = verifyAsOwner(message, claims, context);
  return owner === undefined ? verifyByPassword(message, claims, context) : { kind: 'verified', user: owner };
}

const BAD_REQUEST: Refused = { kind: 'refused', code: 400, challenge: false };

function challenge(code: 401 | 438): Refused {
  return { kind: 'refused', code, challenge: true };
}

function readClaims(message: StunMessage, algorithm: IntegrityAlgorithm): Claims | undefined {
  const username = readAttribute(message, usernameAttribute);
  const userhash = readAttribute(message, userhashAttribute);
  const realm = readAttribute(message, realmAttribute);
  const nonce = readAttribute(message, nonceAttribute);
  const keyAlgorithm = readKeyAlgorithm(message);
  if (realm.kind !== 'present' || nonce.kind !== 'present' || keyAlgorithm === undefined) return undefined;
  const rest = { realm: realm.value, nonce: nonce.value, keyAlgorithm, algorithm };
  if (username.kind === 'present') {
    return { identity: { kind: 'username', username: username.value }, ...rest };
  }
  if (userhash.kind === 'present' && username.kind === 'absent') {
    return { identity: { kind: 'userhash', userhash: userhash.value }, ...rest };
  }
  return undefined;
}

/** We announce no PASSWORD-ALGORITHMS, but take the word of a client that uses one of the two (RFC 8489 §9.2.2). */
function readKeyAlgorithm(message: StunMessage): 'md5' | 'sha256' | undefined {
  const choice = readAttribute(message, passwordAlgorithm);
  if (choice.kind === 'absent') return 'md5';
  if (choice.kind === 'malformed') return undefined;
  if (choice.value.algorithm === PASSWORD_ALGORITHM.md5) return 'md5';
  return choice.value.algorithm === PASSWORD_ALGORITHM.sha256 ? 'sha256' : undefined;
}

/** By the key that made the allocation, whatever has become of the password since. */
function verifyAsOwner(
  message: StunMessage,
  { identity, algorithm }: Claims,
  { owner, realm }: AuthenticationContext,
): VerifiedUser | undefined {
  if (owner === undefined || !isNamed(owner.username, identity, realm)) return undefined;
  if (verifyIntegrity(message, owner.key) !== 'ok') return undefined;
  return { username: owner.username, account: owner.account, key: owner.key, algorithm };
}

function isNamed(username: string, identity: Claims['identity'], realm: string): boolean {
  return identity.kind === 'username'
    ? identity.username === username
    : Buffer.from(identity.userhash).equals(computeUserhash(username, realm));
}

function verifyByPassword(
  message: StunMessage,
  claims: Claims,
  context: AuthenticationContext,
): Authentication {
  const { identity, keyAlgorithm, algorithm } = claims;
  const credential = findCredential(identity, context);
  // A hash cannot be asked about: it does not tell the name.
  if (
    credential === undefined &&
    identity.kind === 'username' &&
    context.mayAsk &&
    context.answer === undefined
  ) {
    return { kind: 'ask', username: identity.username };
  }
  const keys = credential === undefined ? [] : listKeys(credential, context.realm, keyAlgorithm);
  if (keys.length === 0) {
    // Takes as long, and cannot succeed.
    verifyIntegrity(message, nobodysKey(context.realm, keyAlgorithm));
  }
  for (const key of keys) {
    const holds = verifyIntegrity(message, key) === 'ok';
    if (holds && credential !== undefined) {
      const { username, account, expiresAtEpochSeconds } = credential;
      return { kind: 'verified', user: { username, account, key, algorithm, expiresAtEpochSeconds } };
    }
  }
  const reason = credential === undefined ? 'unknown-user' : 'wrong-password';
  return { ...challenge(401), refusal: { reason, account: credential?.account } };
}

function nobodysKey(realm: string, algorithm: 'md5' | 'sha256'): Uint8Array {
  return longTermKey({ username: '', realm, password: NO_PASSWORD, algorithm });
}

/** The keys of which one has to have signed; none where all that is known is a key of the other algorithm. */
function listKeys(
  { username, passwords, md5Key }: Credential,
  realm: string,
  algorithm: 'md5' | 'sha256',
): readonly Uint8Array[] {
  const derived = passwords.map((password) => longTermKey({ username, realm, password, algorithm }));
  return md5Key !== undefined && algorithm === 'md5' ? [md5Key, ...derived] : derived;
}

function findCredential(
  identity: Claims['identity'],
  { credentials, answer }: AuthenticationContext,
): Credential | undefined {
  if (identity.kind === 'userhash') return credentials.findByUserhash(identity.userhash);
  const isAnswered = answer?.username === identity.username;
  return credentials.find(identity.username) ?? (isAnswered ? answer.credential : undefined);
}
