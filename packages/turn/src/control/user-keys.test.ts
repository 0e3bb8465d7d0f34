import {
  computeUserhash,
  encodeMessage,
  longTermKey,
  nonce as nonceAttribute,
  passwordAlgorithm,
  PASSWORD_ALGORITHM,
  realm as realmAttribute,
  userhash as userhashAttribute,
} from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { createCredentialStore } from '../auth/credential-store.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { ControlWorld, REALM, type WorldClient } from '../testing/control-world.ts';

/** A world that knows Carol by her key alone. */
function worldOfKeys(): ControlWorld {
  const world = new ControlWorld();
  const key = longTermKey({ username: 'carol', realm: REALM, password: 'wonderland', algorithm: 'md5' });
  world.control.rules = {
    ...world.control.rules,
    credentials: createCredentialStore({
      realm: REALM,
      users: new Map(),
      userKeys: new Map([['carol', key]]),
      sharedSecrets: [],
    }),
  };
  return world;
}

function allocateWithSha256(carol: WorldClient, password: string): number {
  const key = longTermKey({ username: 'carol', realm: REALM, password, algorithm: 'sha256' });
  const transactionId = new Uint8Array(12).fill(7);
  const octets = encodeMessage({
    class: 'request',
    method: TURN_METHOD.allocate,
    transactionId,
    attributes: [
      requestedTransport.encode(UDP_PROTOCOL, transactionId),
      userhashAttribute.encode(computeUserhash('carol', REALM), transactionId),
      realmAttribute.encode(REALM, transactionId),
      nonceAttribute.encode(carol.nonce, transactionId),
      passwordAlgorithm.encode(
        { algorithm: PASSWORD_ALGORITHM.sha256, parameters: new Uint8Array() },
        transactionId,
      ),
    ],
    integrity: { algorithm: 'sha256', key },
  });
  return carol.answer(octets).code;
}

describe('a user of whom only the key is known', () => {
  test('allocates with the password that the key was made of, and with no other', () => {
    const codeWith = (password: string): number =>
      worldOfKeys().client({ username: 'carol', password }).allocate().code;
    expect(codeWith('wonderland')).toBe(0);
    expect([codeWith('other'), codeWith('')]).toEqual([401, 401]);
  });

  test('is refused with a key of SHA-256, which cannot be checked: also one of no password', () => {
    for (const password of ['wonderland', '']) {
      expect(allocateWithSha256(worldOfKeys().client({ username: 'carol' }), password)).toBe(401);
    }
  });
});
