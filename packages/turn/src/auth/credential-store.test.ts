import { createHmac } from 'node:crypto';
import { computeUserhash, longTermKey } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { createCredentialStore, timeLimitedPassword } from './credential-store.ts';

const store = createCredentialStore({
  realm: 'callbox.test',
  users: new Map([
    ['alice', 'wonderland'],
    ['17', 'a name of digits'],
  ]),
  userKeys: new Map([['carol', Uint8Array.of(1, 2, 3)]]),
  sharedSecrets: ['new', 'old'],
});

describe('the credential store', () => {
  test('knows static users, who never expire', () => {
    expect(store.find('alice')).toEqual({ username: 'alice', passwords: ['wonderland'], account: 'alice' });
    expect(store.find('Alice')).toBeUndefined();
    expect(store.find('')).toBeUndefined();
  });

  test('knows some of them by their key alone', () => {
    expect(store.find('carol')).toEqual({
      username: 'carol',
      passwords: [],
      md5Key: Uint8Array.of(1, 2, 3),
      account: 'carol',
    });
  });

  test('knows them by USERHASH too', () => {
    expect(store.findByUserhash(computeUserhash('carol', 'callbox.test'))?.username).toBe('carol');
    expect(store.findByUserhash(computeUserhash('alice', 'callbox.test'))?.username).toBe('alice');
    expect(store.findByUserhash(computeUserhash('alice', 'elsewhere'))).toBeUndefined();
  });

  test('reads expiry and id of a time-limited name, and has a password per secret', () => {
    const username = '1767225600:room-7:anna';
    expect(store.find(username)).toEqual({
      username,
      passwords: ['new', 'old'].map((secret) => timeLimitedPassword(secret, username)),
      account: 'room-7:anna',
      expiresAtEpochSeconds: 1_767_225_600,
    });
  });

  test.each(['1767225600', '1767225600:'])(
    'takes "%s", a name without an id, for an account of its own',
    (username) => {
      expect(store.find(username)?.account).toBe(username);
    },
  );

  test('prefers a static user', () => {
    expect(store.find('17')?.passwords).toEqual(['a name of digits']);
  });

  test.each(['anna:1767225600', '-1:anna', '1e9:anna', '1767225600.5:anna', ' 1767225600:anna'])(
    'does not know "%s"',
    (username) => {
      expect(store.find(username)).toBeUndefined();
    },
  );
});

describe('the keys of a user', () => {
  const keyOf = (username: string, password: string, algorithm: 'md5' | 'sha256'): Uint8Array =>
    longTermKey({ username, realm: 'callbox.test', password, algorithm });
  const octetsOf = (username: string, algorithm: 'md5' | 'sha256' = 'md5'): readonly Uint8Array[] => {
    const credential = store.find(username);
    return credential === undefined ? [] : store.keysOf(credential, algorithm).map(({ octets }) => octets);
  };

  test('are made of each password, and of a key that is known only where it fits', () => {
    expect(octetsOf('alice')).toEqual([keyOf('alice', 'wonderland', 'md5')]);
    expect(octetsOf('alice', 'sha256')).toEqual([keyOf('alice', 'wonderland', 'sha256')]);
    expect(octetsOf('carol')).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(octetsOf('carol', 'sha256')).toEqual([]);
  });

  test('are the same objects from then on for a user of a shared secret who has been verified', () => {
    const username = '1767225600:anna';
    const [first, second] = [store.find(username), store.find(username)];
    if (first === undefined || second === undefined) throw new Error('unknown');
    const keys = store.keysOf(first, 'md5');
    expect(store.keysOf(second, 'md5')).not.toBe(keys);
    store.noteVerified(first, keys, 'md5');
    const later = store.find(username);
    expect(later).toBe(first);
    expect(later && store.keysOf(later, 'md5')).toBe(keys);
    expect(octetsOf(username, 'sha256')).toHaveLength(2);
  });

  test('are not those of a namesake whom somebody else knows', () => {
    const namesake = { username: 'alice', passwords: ['elsewhere'], account: 'alice' };
    expect(store.keysOf(namesake, 'md5').map(({ octets }) => octets)).toEqual([
      keyOf('alice', 'elsewhere', 'md5'),
    ]);
  });

  test('are kept for a thousand users who were verified, not more', () => {
    const names = Array.from({ length: 1001 }, (_, index) => `1767225600:guest-${index}`);
    const credentials = names.map((name) => {
      const credential = store.find(name);
      if (credential !== undefined) store.noteVerified(credential, store.keysOf(credential, 'md5'), 'md5');
      return credential;
    });
    expect(store.find('1767225600:guest-0')).not.toBe(credentials[0]);
    expect(store.find('1767225600:guest-1000')).toBe(credentials[1000]);
  });
});

test('a time-limited password is base64 of HMAC-SHA1 over the name', () => {
  const expected = createHmac('sha1', 'secret').update('1767225600:anna').digest('base64');
  expect(timeLimitedPassword('secret', '1767225600:anna')).toBe(expected);
  expect(expected).toHaveLength(28);
});
