import { createHmac } from 'node:crypto';
import { computeUserhash } from '@callbox/stun';
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

test('a time-limited password is base64 of HMAC-SHA1 over the name', () => {
  const expected = createHmac('sha1', 'secret').update('1767225600:anna').digest('base64');
  expect(timeLimitedPassword('secret', '1767225600:anna')).toBe(expected);
  expect(expected).toHaveLength(28);
});
