import { computeUserhash, hmacSha1, IntegrityKey, longTermKey } from '@callbox/stun';

/** Somebody who may use the server, if he knows one of the passwords. */
export interface Credential {
  readonly username: string;
  /** Several while shared secrets are being rotated. */
  readonly passwords: readonly string[];
  /** In place of a password: MD5 over name, realm and password (RFC 8489 §9.2.2). Of no use for other key algorithms. */
  readonly md5Key?: Uint8Array | undefined;
  /** Whose allocations are counted together: the id behind the expiry, so that a fresh credential is no fresh quota. */
  readonly account: string;
  /** Seconds since 1970; static users never expire. */
  readonly expiresAtEpochSeconds?: number;
}

/** Where users come from. */
export interface CredentialStore {
  find(username: string): Credential | undefined;
  /** USERHASH can be looked up among static users only: it hides the expiry that the other kind is made of. */
  findByUserhash(userhash: Uint8Array): Credential | undefined;
  /** The keys of which one has to have signed; none where all that is known is a key of the other algorithm. */
  keysOf(credential: Credential, algorithm: KeyAlgorithm): readonly IntegrityKey[];
  /** One of these keys has signed: who has come once comes again soon. For credentials of this store only. */
  noteVerified(credential: Credential, keys: readonly IntegrityKey[], algorithm: KeyAlgorithm): void;
}

/** How a key is made of a password (RFC 8489 §9.2.2). */
export type KeyAlgorithm = 'md5' | 'sha256';

interface Prepared {
  readonly credential: Credential;
  readonly md5Keys: readonly IntegrityKey[];
}

/** Users of time-limited credentials whose keys are kept at hand; the one that was first verified goes first. */
const MAX_RECENT_USERS = 1000;

/** The expiry in seconds since 1970; then, optionally, a colon and an id. */
const TIME_LIMITED_USERNAME = /^(?<expiry>\d{1,12})(?::(?<id>.*))?$/su;

/** Static users, by password or by key, and users whose name carries an expiry and whose password is derived from a shared secret. */
export function createCredentialStore(options: {
  readonly realm: string;
  readonly users: ReadonlyMap<string, string>;
  /** Static users of whom only the key is known. */
  readonly userKeys?: ReadonlyMap<string, Uint8Array> | undefined;
  readonly sharedSecrets: readonly string[];
}): CredentialStore {
  const { realm, users, userKeys = new Map<string, Uint8Array>(), sharedSecrets } = options;
  const names = [...users.keys(), ...userKeys.keys()];
  const byUserhash = new Map(names.map((name) => [hexOf(computeUserhash(name, realm)), name]));

  const deriveKeys = (
    { username, passwords, md5Key }: Credential,
    algorithm: KeyAlgorithm,
  ): readonly IntegrityKey[] => {
    const derived = passwords.map((password) => longTermKey({ username, realm, password, algorithm }));
    const octets = md5Key !== undefined && algorithm === 'md5' ? [md5Key, ...derived] : derived;
    return octets.map((key) => new IntegrityKey(key));
  };

  const findStatic = (username: string): Credential | undefined => {
    const [password, md5Key] = [users.get(username), userKeys.get(username)];
    if (password === undefined && md5Key === undefined) return undefined;
    return { username, passwords: password === undefined ? [] : [password], md5Key, account: username };
  };
  // Made at once, not when a user is first asked for: it would show who has never been.
  const prepare = (username: string): readonly [string, Prepared][] => {
    const credential = findStatic(username);
    if (credential === undefined) return [];
    return [[username, { credential, md5Keys: deriveKeys(credential, 'md5') }]];
  };
  const known = new Map(names.flatMap(prepare));
  const recent = new Map<string, Prepared>();

  const findTimeLimited = (username: string): Credential | undefined => {
    const { expiry, id } = TIME_LIMITED_USERNAME.exec(username)?.groups ?? {};
    if (expiry === undefined || sharedSecrets.length === 0) return undefined;
    return {
      username,
      passwords: sharedSecrets.map((secret) => timeLimitedPassword(secret, username)),
      account: id === undefined || id === '' ? username : id,
      expiresAtEpochSeconds: Number(expiry),
    };
  };
  const findPrepared = (username: string): Prepared | undefined =>
    known.get(username) ?? recent.get(username);

  return {
    find: (username) => findPrepared(username)?.credential ?? findTimeLimited(username),
    findByUserhash: (userhash) => {
      const username = byUserhash.get(hexOf(userhash));
      return username === undefined ? undefined : known.get(username)?.credential;
    },
    keysOf: (credential, algorithm) => {
      const prepared = algorithm === 'md5' ? findPrepared(credential.username) : undefined;
      return prepared?.credential === credential ? prepared.md5Keys : deriveKeys(credential, algorithm);
    },
    noteVerified: (credential, keys, algorithm) => {
      const { username } = credential;
      if (algorithm !== 'md5' || findPrepared(username) !== undefined) return;
      const [oldest] = recent.keys();
      if (recent.size >= MAX_RECENT_USERS && oldest !== undefined) recent.delete(oldest);
      recent.set(username, { credential, md5Keys: keys });
    },
  };
}

/**
 * The password of a time-limited user name, `expiry:id`: base64 of HMAC-SHA1 over the name (the convention of
 * draft-uberti-behave-turn-rest, which every TURN server of note follows).
 */
export function timeLimitedPassword(secret: string, username: string): string {
  return Buffer.from(hmacSha1(Buffer.from(secret), Buffer.from(username))).toString('base64');
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
