import {
  ATTRIBUTE_TYPE,
  computeUserhash,
  IntegrityKey,
  longTermKey,
  messageIntegrity,
  messageIntegritySha256,
  nonce as nonceAttribute,
  passwordAlgorithm,
  PASSWORD_ALGORITHM,
  realm as realmAttribute,
  userhash as userhashAttribute,
  username as usernameAttribute,
  verifyIntegrity,
  type AttributeCodec,
  type EncodedAttribute,
  type IntegrityAlgorithm,
  type RawAttribute,
  type StunMessage,
  type TransportAddress,
} from '@callbox/stun';
import type { Credential, CredentialStore, KeyAlgorithm } from './credential-store.ts';
import type { Nonces } from './nonce.ts';

/** Somebody whose request holds. */
export interface VerifiedUser {
  readonly username: string;
  readonly account: string;
  readonly key: IntegrityKey;
  /** Answers are signed as the request was. */
  readonly algorithm: IntegrityAlgorithm;
  readonly expiresAtEpochSeconds?: number | undefined;
}

/** Who made an allocation, with the key that held then: secrets may have been rotated since. */
export interface KnownUser {
  readonly username: string;
  readonly account: string;
  readonly key: IntegrityKey;
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

/** The realm, and what is made of it once. */
export interface Realm {
  readonly name: string;
  readonly octets: Uint8Array;
  /** As it goes with every challenge. */
  readonly attribute: EncodedAttribute;
  /** Stand for the keys of users we do not know, so that they take as long to refuse as wrong passwords. */
  readonly nobodysKeys: Readonly<Record<KeyAlgorithm, IntegrityKey>>;
}

export function createRealm(name: string): Realm {
  const nobodysKey = (algorithm: KeyAlgorithm): IntegrityKey =>
    new IntegrityKey(longTermKey({ username: '', realm: name, password: '', algorithm }));
  const octets = new TextEncoder().encode(name);
  return {
    name,
    octets,
    attribute: { type: ATTRIBUTE_TYPE.realm, value: octets },
    nobodysKeys: { md5: nobodysKey('md5'), sha256: nobodysKey('sha256') },
  };
}

export interface AuthenticationContext {
  readonly realm: Realm;
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

/** What a request says of who sends it, as it stands there: of each attribute the first (RFC 8489 §14). */
interface Claims {
  sha1: RawAttribute | undefined;
  sha256: RawAttribute | undefined;
  username: RawAttribute | undefined;
  userhash: RawAttribute | undefined;
  realm: RawAttribute | undefined;
  nonce: RawAttribute | undefined;
  passwordAlgorithm: RawAttribute | undefined;
}

/** Who somebody says to be; the name of the owner of an allocation is recognized without being read. */
type Identity =
  | { readonly kind: 'owner' }
  | { readonly kind: 'username'; readonly username: string }
  | { readonly kind: 'userhash'; readonly userhash: Uint8Array };

/**
 * The long-term mechanism (RFC 8489 §9.2.4). The nonce is checked before the user is looked up, so that only clients
 * that can hear us make us compute more than one HMAC. Expiry is not judged here: a call may outlive its credential.
 */
export function authenticate(message: StunMessage, context: AuthenticationContext): Authentication {
  const claims = readClaims(message);
  if (claims.sha1 === undefined && claims.sha256 === undefined) return UNSIGNED;
  const { owner, realm } = context;
  const identity = readIdentity(message, claims, owner);
  const keyAlgorithm = readKeyAlgorithm(message, claims);
  if (
    !isWellFormed(message, claims.sha1, messageIntegrity) ||
    !isWellFormed(message, claims.sha256, messageIntegritySha256) ||
    identity === undefined ||
    keyAlgorithm === undefined ||
    claims.realm === undefined ||
    claims.nonce === undefined
  ) {
    return BAD_REQUEST;
  }
  const isOurRealm = isEqual(claims.realm.value, realm.octets);
  if (!isOurRealm && !isWellFormed(message, claims.realm, realmAttribute)) return BAD_REQUEST;
  const verdict = context.nonces.judge(claims.nonce.value, context.client, context.epochSeconds);
  if (verdict !== 'valid') {
    if (verdict === 'foreign' && !isWellFormed(message, claims.nonce, nonceAttribute)) return BAD_REQUEST;
    return { ...challenge(438), hasHeardUs: verdict === 'stale' };
  }
  if (!isOurRealm) {
    // A key of another realm cannot be checked; what can be said is that it did not make this allocation.
    return owner === undefined ? challenge(401) : { kind: 'refused', code: 441, challenge: false };
  }
  const algorithm = claims.sha256 === undefined ? 'sha1' : 'sha256';
  if (owner !== undefined && isNamed(owner, identity, realm.name)) {
    const { username, account, key } = owner;
    // By the key that made the allocation, whatever has become of the password since.
    if (verifyIntegrity(message, key) === 'ok')
      return { kind: 'verified', user: { username, account, key, algorithm } };
  }
  return verifyByPassword(message, { identity, keyAlgorithm, algorithm }, context);
}

const BAD_REQUEST: Refused = { kind: 'refused', code: 400, challenge: false };
const UNSIGNED = challenge(401);

function challenge(code: 401 | 438): Refused {
  return { kind: 'refused', code, challenge: true };
}

/** In one pass: a request has seven attributes or eight, of which all but two are wanted here. */
function readClaims({ attributes }: StunMessage): Claims {
  const claims: Claims = {
    sha1: undefined,
    sha256: undefined,
    username: undefined,
    userhash: undefined,
    realm: undefined,
    nonce: undefined,
    passwordAlgorithm: undefined,
  };
  for (const attribute of attributes) {
    switch (attribute.type) {
      case ATTRIBUTE_TYPE.messageIntegrity:
        claims.sha1 ??= attribute;
        break;
      case ATTRIBUTE_TYPE.messageIntegritySha256:
        claims.sha256 ??= attribute;
        break;
      case ATTRIBUTE_TYPE.username:
        claims.username ??= attribute;
        break;
      case ATTRIBUTE_TYPE.userhash:
        claims.userhash ??= attribute;
        break;
      case ATTRIBUTE_TYPE.realm:
        claims.realm ??= attribute;
        break;
      case ATTRIBUTE_TYPE.nonce:
        claims.nonce ??= attribute;
        break;
      case ATTRIBUTE_TYPE.passwordAlgorithm:
        claims.passwordAlgorithm ??= attribute;
        break;
    }
  }
  return claims;
}

function isWellFormed<T>(
  { transactionId }: StunMessage,
  attribute: RawAttribute | undefined,
  codec: AttributeCodec<T>,
): boolean {
  return attribute === undefined || codec.parse(attribute, transactionId).ok;
}

function readIdentity(
  { transactionId }: StunMessage,
  { username, userhash }: Claims,
  owner: KnownUser | undefined,
): Identity | undefined {
  if (username !== undefined) {
    const { value } = username;
    if (owner !== undefined && isAscii(value, owner.username)) return OWNER;
    const parsed = usernameAttribute.parse(username, transactionId);
    return parsed.ok ? { kind: 'username', username: parsed.value } : undefined;
  }
  if (userhash === undefined) return undefined;
  const parsed = userhashAttribute.parse(userhash, transactionId);
  return parsed.ok ? { kind: 'userhash', userhash: parsed.value } : undefined;
}

const OWNER: Identity = { kind: 'owner' };

/** True where octets are a text of ASCII, letter by letter. */
function isAscii(octets: Uint8Array, text: string): boolean {
  if (octets.length !== text.length) return false;
  for (let index = 0; index < octets.length; index += 1) {
    const octet = octets[index] ?? 0;
    if (octet >= 0x80 || octet !== text.charCodeAt(index)) return false;
  }
  return true;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** We announce no PASSWORD-ALGORITHMS, but take the word of a client that uses one of the two (RFC 8489 §9.2.2). */
function readKeyAlgorithm(
  { transactionId }: StunMessage,
  { passwordAlgorithm: choice }: Claims,
): KeyAlgorithm | undefined {
  if (choice === undefined) return 'md5';
  const parsed = passwordAlgorithm.parse(choice, transactionId);
  if (!parsed.ok) return undefined;
  if (parsed.value.algorithm === PASSWORD_ALGORITHM.md5) return 'md5';
  return parsed.value.algorithm === PASSWORD_ALGORITHM.sha256 ? 'sha256' : undefined;
}

function isNamed({ username }: KnownUser, identity: Identity, realm: string): boolean {
  if (identity.kind === 'userhash')
    return Buffer.from(identity.userhash).equals(computeUserhash(username, realm));
  return identity.kind === 'owner' || identity.username === username;
}

function verifyByPassword(
  message: StunMessage,
  claims: {
    readonly identity: Identity;
    readonly keyAlgorithm: KeyAlgorithm;
    readonly algorithm: IntegrityAlgorithm;
  },
  context: AuthenticationContext,
): Authentication {
  const { keyAlgorithm, algorithm } = claims;
  const { credentials, answer, owner } = context;
  const identity = spellOut(claims.identity, owner);
  const stored =
    identity.kind === 'userhash'
      ? credentials.findByUserhash(identity.userhash)
      : credentials.find(identity.username);
  const isAnswered = identity.kind === 'username' && answer?.username === identity.username;
  const credential = stored ?? (isAnswered ? answer.credential : undefined);
  // A hash cannot be asked about: it does not tell the name.
  if (
    credential === undefined &&
    identity.kind === 'username' &&
    context.mayAsk &&
    context.answer === undefined
  ) {
    return { kind: 'ask', username: identity.username };
  }
  const keys = credential === undefined ? [] : credentials.keysOf(credential, keyAlgorithm);
  if (keys.length === 0) {
    // Takes as long, and cannot succeed.
    verifyIntegrity(message, context.realm.nobodysKeys[keyAlgorithm]);
  }
  for (const key of keys) {
    const holds = verifyIntegrity(message, key) === 'ok';
    if (holds && credential !== undefined) {
      if (stored !== undefined) credentials.noteVerified(stored, keys, keyAlgorithm);
      const { username, account, expiresAtEpochSeconds } = credential;
      return { kind: 'verified', user: { username, account, key, algorithm, expiresAtEpochSeconds } };
    }
  }
  const reason = credential === undefined ? 'unknown-user' : 'wrong-password';
  return { ...challenge(401), refusal: { reason, account: credential?.account } };
}

function spellOut(identity: Identity, owner: KnownUser | undefined): Exclude<Identity, { kind: 'owner' }> {
  return identity.kind === 'owner' ? { kind: 'username', username: owner?.username ?? '' } : identity;
}
