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
import { createCredentialStore, timeLimitedPassword } from '../auth/credential-store.ts';
import { lifetime } from '../codec/lifetime.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, REALM, START_SECONDS, type WorldClient } from '../testing/control-world.ts';
import { attribute, writeRequest } from '../testing/request.ts';

const USERNAME = `${START_SECONDS + 3600}:guest`;

function setCredentials(
  world: ControlWorld,
  users: readonly (readonly [string, string])[],
  sharedSecrets: readonly string[],
): void {
  const credentials = createCredentialStore({ realm: REALM, users: new Map(users), sharedSecrets });
  world.control.rules = { ...world.control.rules, credentials };
}

function guestAt(world: ControlWorld, port: number, secret: string): WorldClient {
  return world.client({
    remote: at('198.51.100.1', port),
    username: USERNAME,
    password: timeLimitedPassword(secret, USERNAME),
  });
}

describe('secrets that are rotated', () => {
  test('work side by side, then the old one no more; what it made goes on', () => {
    const world = new ControlWorld({ sharedSecrets: ['old'] });
    const early = guestAt(world, 1, 'old');
    expect(early.allocate().code).toBe(0);

    setCredentials(world, [], ['new', 'old']);
    expect([guestAt(world, 2, 'old').allocate().code, guestAt(world, 3, 'new').allocate().code]).toEqual([
      0, 0,
    ]);

    setCredentials(world, [], ['new']);
    expect([guestAt(world, 4, 'old').allocate().code, guestAt(world, 5, 'new').allocate().code]).toEqual([
      401, 0,
    ]);
    expect(early.request(TURN_METHOD.refresh).code).toBe(0);
  });
});

describe('a user who is removed', () => {
  test('keeps the allocation and gets no new one', () => {
    const world = new ControlWorld();
    const [alice, late] = [world.client(), world.client({ remote: at('198.51.100.1', 2) })];
    alice.allocate();
    setCredentials(world, [['bob', 'builder']], []);
    expect(alice.request(TURN_METHOD.refresh).code).toBe(0);
    expect(late.allocate().code).toBe(401);
    expect(alice.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]).code).toBe(0);
    expect(alice.allocate().code).toBe(401);
  });

  test('is known by the key of the allocation under USERHASH and with SHA-256, too', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const key = longTermKey({ ...alice.user, algorithm: 'sha256' });
    let transactions = 0;
    const send = (method: number, signingKey = key): number => {
      transactions += 1;
      const transactionId = new Uint8Array(12).fill(transactions);
      const octets = encodeMessage({
        class: 'request',
        method,
        transactionId,
        attributes: [
          requestedTransport.encode(UDP_PROTOCOL, transactionId),
          userhashAttribute.encode(computeUserhash('alice', REALM), transactionId),
          realmAttribute.encode(REALM, transactionId),
          nonceAttribute.encode(alice.nonce, transactionId),
          passwordAlgorithm.encode(
            { algorithm: PASSWORD_ALGORITHM.sha256, parameters: new Uint8Array() },
            transactionId,
          ),
        ],
        integrity: { algorithm: 'sha256', key: signingKey },
      });
      return alice.answer(octets).code;
    };
    expect(send(TURN_METHOD.allocate)).toBe(0);
    setCredentials(world, [], []);
    expect(send(TURN_METHOD.refresh)).toBe(0);
    expect(send(TURN_METHOD.refresh, new Uint8Array(32))).toBe(401);
  });
});

describe('a request that was captured', () => {
  test('does nothing from another address; from its own it is the same request', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const thief = world.client({ remote: at('198.51.100.66', 40_000) });
    const transactionId = new Uint8Array(12).fill(9);
    const { signing } = alice;
    const attributes = [attribute(requestedTransport, UDP_PROTOCOL)];
    const allocate = writeRequest({ method: TURN_METHOD.allocate, transactionId, attributes, signing });
    const first = alice.answer(allocate);
    expect(first.code).toBe(0);
    expect(thief.answer(allocate).code).toBe(438);
    expect(alice.answer(allocate).octets).toEqual(first.octets);

    const destroy = writeRequest({
      method: TURN_METHOD.refresh,
      transactionId: new Uint8Array(12).fill(10),
      attributes: [attribute(lifetime, 0)],
      signing,
    });
    expect(thief.answer(destroy).code).toBe(438);
    expect(alice.allocation).toBeDefined();
    expect(alice.answer(destroy).code).toBe(0);
    expect(alice.allocation).toBeUndefined();
  });
});

describe('a client that comes back and back', () => {
  test('over new connections never has more than its quota, and always gets it', () => {
    const world = new ControlWorld({ limits: { allocationsPerAccount: 2 } });
    for (let time = 1; time <= 100; time += 1) {
      const client = world.client({ remote: at('198.51.100.1', time), transport: 'tcp' });
      expect(client.allocate().code).toBe(0);
      world.closeConnection(client);
      expect(world.control.allocations.size).toBe(0);
    }
    const open = [1, 2, 3].map((port) =>
      world.client({ remote: at('198.51.100.2', port), transport: 'tcp' }),
    );
    expect(open.map((client) => client.allocate().code)).toEqual([0, 0, 486]);
  });
});
