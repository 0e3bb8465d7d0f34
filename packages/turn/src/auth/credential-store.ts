import { computeUserhash, hmacSha1 } from '@callbox/stun';

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
}

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

  const findStatic = (username: string): Credential | undefined => {
    const [password, md5Key] = [users.get(username), userKeys.get(username)];
    if (password === undefined && md5Key === undefined) return undefined;
    return { username, passwords: password === undefined ? [] : [password], md5Key, account: username };
  };

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

  return {
    find: (username) => findStatic(username) ?? findTimeLimited(username),
    findByUserhash: (userhash) => {
      const username = byUserhash.get(hexOf(userhash));
      return username === undefined ? undefined : findStatic(username);
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
