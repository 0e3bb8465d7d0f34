import {
  ATTRIBUTE_TYPE,
  computeUserhash,
  encodeMessage,
  longTermKey,
  METHOD,
  nonce as nonceAttribute,
  passwordAlgorithm,
  PASSWORD_ALGORITHM,
  realm as realmAttribute,
  unknownAttributes,
  userhash as userhashAttribute,
  username as usernameAttribute,
  verifyIntegrity,
} from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport } from '../codec/requested-transport.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, REALM, SHARED_SECRET, START_SECONDS, USERS } from '../testing/control-world.ts';
import { attribute, rawAttribute, writeRequest, type Signing } from '../testing/request.ts';

const transactionId = new Uint8Array(12).fill(5);
const udp = attribute(requestedTransport, 17);
const key = longTermKey({ username: 'alice', realm: REALM, password: USERS.alice, algorithm: 'md5' });

describe('a stranger', () => {
  test('gets 401 with REALM and NONCE, no integrity, no phrase, no SOFTWARE, in less than 72 octets', () => {
    const response = new ControlWorld().client().challenge();
    expect(response.code).toBe(401);
    expect(response.get(realmAttribute)).toBe(REALM);
    expect(response.message.attributes.map(({ type }) => type)).toEqual([
      ATTRIBUTE_TYPE.errorCode,
      ATTRIBUTE_TYPE.realm,
      ATTRIBUTE_TYPE.nonce,
    ]);
    expect(response.octets.length).toBeLessThanOrEqual(72);
  });

  test('makes no state, however often it asks', () => {
    const world = new ControlWorld();
    for (let port = 1; port <= 100; port += 1) {
      world.client({ remote: at('198.51.100.1', port) }).challenge();
    }
    expect(world.control.allocations.size).toBe(0);
    expect(world.changes).toEqual([]);
  });

  test('has answers over UDP rationed by address, and is answered again later', () => {
    const world = new ControlWorld({ limits: { strangerAnswers: { burst: 3, perSecond: 1 } } });
    const ask = (port: number, transport: 'udp' | 'tcp' = 'udp'): unknown =>
      world
        .client({ remote: at('198.51.100.1', port), transport })
        .send(writeRequest({ method: TURN_METHOD.allocate, transactionId }));
    expect([1, 2, 3].map((port) => ask(port))).not.toContain('answer-limit');
    expect(ask(4)).toBe('answer-limit');
    expect(ask(4, 'tcp')).not.toBe('answer-limit');
    world.pass(1);
    expect(ask(4)).not.toBe('answer-limit');
  });

  test('flooding in the name of a user does not delay what the user signs', () => {
    const world = new ControlWorld({ limits: { strangerAnswers: { burst: 2, perSecond: 1 } } });
    const alice = world.client();
    expect(alice.allocate().code).toBe(0);
    const forged = writeRequest({ method: TURN_METHOD.allocate, transactionId });
    for (let time = 0; time < 10; time += 1) alice.send(forged);
    expect(alice.send(forged)).toBe('answer-limit');
    expect(alice.request(TURN_METHOD.refresh).code).toBe(0);
  });
});

describe('authentication', () => {
  test.each([
    ['USERNAME', [1, 2]],
    ['REALM', [0, 2]],
    ['NONCE', [0, 1]],
  ])('without %s is 400, unsigned and without a challenge', (_missing, kept) => {
    const alice = new ControlWorld().client();
    const all = [
      usernameAttribute.encode('alice', transactionId),
      realmAttribute.encode(REALM, transactionId),
      nonceAttribute.encode(alice.nonce, transactionId),
    ];
    const octets = encodeMessage({
      class: 'request',
      method: TURN_METHOD.allocate,
      transactionId,
      attributes: [udp(transactionId), ...all.filter((_attribute, index) => kept.includes(index))],
      integrity: { algorithm: 'sha1', key },
    });
    const response = alice.answer(octets);
    expect(response.code).toBe(400);
    expect(response.message.attributes.map(({ type }) => type)).toEqual([ATTRIBUTE_TYPE.errorCode]);
  });

  const wrong = (change: Partial<Signing>): number => {
    const alice = new ControlWorld().client();
    return alice.allocate([], { signing: { ...alice.signing, ...change } }).code;
  };

  test('is 438 for a nonce that is not ours, however well shaped', () => {
    expect(wrong({ nonce: 'AAAAAAAAAAAAAAAA' })).toBe(438);
    expect(wrong({ nonce: 'x' })).toBe(438);
    expect(wrong({})).toBe(0);
  });

  test('is 438 with a fresh nonce that works', () => {
    const alice = new ControlWorld().client();
    const stale = alice.allocate([], { signing: { ...alice.signing, nonce: 'AAAAAAAAAAAAAAAA' } });
    expect(stale.integrity(alice.user)).toBe('absent');
    const signing = { ...alice.signing, nonce: stale.get(nonceAttribute) };
    expect(alice.allocate([], { signing }).code).toBe(0);
  });

  test.each([
    ['port', at('198.51.100.1', 40_001)],
    ['address', at('198.51.100.2', 40_000)],
  ])('is 438 for a nonce of another %s', (_what, remote) => {
    const world = new ControlWorld();
    const thief = world.client({ remote });
    const { nonce } = world.client();
    expect(thief.allocate([], { signing: { ...thief.signing, nonce } }).code).toBe(438);
  });

  test('is 438 for a nonce that has grown old, not before', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const { signing } = alice;
    world.pass(600);
    expect(alice.allocate([], { signing }).code).toBe(0);
    world.pass(1);
    expect(alice.request(TURN_METHOD.refresh, [], { signing }).code).toBe(438);
  });

  test('is 438 for a nonce that has grown old even while somebody floods us in the name of its owner', () => {
    const world = new ControlWorld({ limits: { strangerAnswers: { burst: 2, perSecond: 0 } } });
    const alice = world.client();
    const { signing } = alice;
    expect(alice.allocate([], { signing }).code).toBe(0);
    const flood = (): unknown =>
      alice.request(TURN_METHOD.refresh, [], { signing: { ...signing, nonce: 'x' } });
    flood();
    expect(flood).toThrow('answer-limit');
    world.pass(601);
    const stale = alice.request(TURN_METHOD.refresh, [], { signing });
    expect(stale.code).toBe(438);
    expect(flood).toThrow('answer-limit');
  });

  test('cannot tell an unknown user from a wrong password', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const wrongPassword = alice.allocate([], { signing: { ...alice.signing, password: 'x' } });
    const unknownUser = alice.allocate([], { signing: { ...alice.signing, username: 'carol' } });
    expect([wrongPassword.code, unknownUser.code]).toEqual([401, 401]);
    expect(unknownUser.octets.length).toBe(wrongPassword.octets.length);
    expect(unknownUser.has(nonceAttribute)).toBe(true);
    expect(unknownUser.integrity(alice.user)).toBe('absent');
  });

  test('takes the empty user with the empty password for a stranger', () => {
    expect(wrong({ username: '', password: '' })).toBe(401);
  });

  test('in another realm is 401 without an allocation and 441 with one', () => {
    const alice = new ControlWorld().client();
    const signing = { ...alice.signing, realm: 'elsewhere' };
    expect(alice.allocate([], { signing }).code).toBe(401);
    expect(alice.allocate().code).toBe(0);
    expect(alice.request(TURN_METHOD.refresh, [], { signing }).code).toBe(441);
  });

  test.each([
    ['a user name too long', ATTRIBUTE_TYPE.username, 509],
    ['a realm too long', ATTRIBUTE_TYPE.realm, 764],
    ['a realm of too many characters', ATTRIBUTE_TYPE.realm, 128],
    ['an empty realm', ATTRIBUTE_TYPE.realm, 0],
    ['a nonce too long', ATTRIBUTE_TYPE.nonce, 764],
  ])('with %s is 400', (_name, type, length) => {
    const alice = new ControlWorld().client();
    // Attributes in front of the regular ones: of repeated ones the first counts.
    expect(alice.allocate([rawAttribute(type, new Uint8Array(length).fill(97))]).code).toBe(400);
  });

  test.each([19, 21])('with an integrity of %i octets is 400', (length) => {
    const alice = new ControlWorld().client();
    const octets = encodeMessage({
      class: 'request',
      method: TURN_METHOD.allocate,
      transactionId,
      attributes: [
        usernameAttribute.encode('alice', transactionId),
        realmAttribute.encode(REALM, transactionId),
        nonceAttribute.encode(alice.nonce, transactionId),
        { type: ATTRIBUTE_TYPE.messageIntegrity, value: new Uint8Array(length) },
      ],
    });
    expect(alice.answer(octets).code).toBe(400);
  });

  test('counts the first of two integrities, and minds no second', () => {
    const alice = new ControlWorld().client();
    const { signing } = alice;
    const right = writeRequest({ method: TURN_METHOD.allocate, transactionId, attributes: [udp], signing });
    const withSecond = (first: Uint8Array): Uint8Array => {
      const octets = new Uint8Array([
        ...first,
        0,
        ATTRIBUTE_TYPE.messageIntegrity,
        0,
        20,
        ...new Uint8Array(20),
      ]);
      new DataView(octets.buffer).setUint16(2, octets.length - 20);
      return octets;
    };
    const wrong = right.map((octet, index) => (index === right.length - 1 ? octet ^ 1 : octet));
    expect(alice.answer(withSecond(wrong)).code).toBe(401);
    expect(alice.answer(withSecond(right)).code).toBe(0);
  });

  test('ignores what stands behind the integrity', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    const signed = writeRequest({
      method: TURN_METHOD.createPermission,
      transactionId,
      attributes: [attribute(xorPeerAddress, at('8.8.8.8', 1))],
      signing: alice.signing,
    });
    const added = encodeMessage({
      class: 'request',
      method: TURN_METHOD.createPermission,
      transactionId,
      attributes: [xorPeerAddress.encode(at('9.9.9.9', 1), transactionId)],
    }).subarray(20);
    const octets = new Uint8Array([...signed, ...added]);
    new DataView(octets.buffer).setUint16(2, octets.length - 20);
    expect(alice.answer(octets).code).toBe(0);
    expect(alice.allocation?.permissions.size).toBe(1);
  });

  test('takes each of several shared secrets, and none that is no longer among them', () => {
    const username = `${START_SECONDS + 60}:guest`;
    const codeWith = (secret: string): number =>
      new ControlWorld({ sharedSecrets: ['new', 'old'] })
        .client({ username, password: timeLimitedPassword(secret, username) })
        .allocate().code;
    expect([codeWith('new'), codeWith('old'), codeWith('older')]).toEqual([0, 0, 401]);
  });

  test('takes no time-limited credentials where there is no shared secret', () => {
    const username = `${START_SECONDS + 60}:guest`;
    const world = new ControlWorld({ sharedSecrets: [] });
    const guest = world.client({ username, password: timeLimitedPassword(SHARED_SECRET, username) });
    expect(guest.allocate().code).toBe(401);
  });
});

describe('a client of RFC 8489', () => {
  test('may sign with SHA-256, name itself by USERHASH and choose the hash of its key; it is answered alike', () => {
    const alice = new ControlWorld().client();
    const sha256Key = longTermKey({ ...alice.user, algorithm: 'sha256' });
    const octets = encodeMessage({
      class: 'request',
      method: TURN_METHOD.allocate,
      transactionId,
      attributes: [
        udp(transactionId),
        userhashAttribute.encode(computeUserhash('alice', REALM), transactionId),
        realmAttribute.encode(REALM, transactionId),
        nonceAttribute.encode(alice.nonce, transactionId),
        passwordAlgorithm.encode(
          { algorithm: PASSWORD_ALGORITHM.sha256, parameters: new Uint8Array() },
          transactionId,
        ),
      ],
      integrity: { algorithm: 'sha256', key: sha256Key },
    });
    const response = alice.answer(octets);
    expect(response.code).toBe(0);
    expect(response.message.attributes.at(-1)?.type).toBe(ATTRIBUTE_TYPE.messageIntegritySha256);
    expect(verifyIntegrity(response.message, sha256Key)).toBe('ok');
  });

  test.each([
    ['an unknown user hash', computeUserhash('carol', REALM), PASSWORD_ALGORITHM.md5, 401],
    ['an unknown algorithm', computeUserhash('alice', REALM), 99, 400],
  ])('with %s is refused', (_name, userhash, algorithm, code) => {
    const alice = new ControlWorld().client();
    const octets = encodeMessage({
      class: 'request',
      method: TURN_METHOD.allocate,
      transactionId,
      attributes: [
        udp(transactionId),
        userhashAttribute.encode(userhash, transactionId),
        realmAttribute.encode(REALM, transactionId),
        nonceAttribute.encode(alice.nonce, transactionId),
        passwordAlgorithm.encode({ algorithm, parameters: new Uint8Array() }, transactionId),
      ],
      integrity: { algorithm: 'sha1', key },
    });
    expect(alice.answer(octets).code).toBe(code);
  });
});

describe('a message', () => {
  test('with unknown attributes that must be understood is 420, after its sender is known', () => {
    const alice = new ControlWorld().client();
    const unknown = rawAttribute(0x7777, new Uint8Array(4));
    const response = alice.allocate([unknown]);
    expect(response.code).toBe(420);
    expect(response.get(unknownAttributes)).toEqual([0x7777]);
    expect(response.integrity(alice.user)).toBe('ok');
    const unsigned = writeRequest({ method: TURN_METHOD.allocate, transactionId, attributes: [unknown] });
    expect(alice.answer(unsigned).code).toBe(401);
  });

  test('with unknown attributes that need not be understood succeeds, as those of Chrome', () => {
    const alice = new ControlWorld().client();
    expect(alice.allocate([rawAttribute(0xff05, new Uint8Array(4))]).code).toBe(0);
  });

  test('is answered with FINGERPRINT exactly if it has one', () => {
    const alice = new ControlWorld().client();
    const { signing } = alice;
    const request = { method: TURN_METHOD.allocate, transactionId, attributes: [udp], signing };
    const last = (fingerprint: boolean): number | undefined =>
      alice.answer(writeRequest({ ...request, fingerprint })).message.attributes.at(-1)?.type;
    expect(last(true)).toBe(ATTRIBUTE_TYPE.fingerprint);
    expect(last(false)).toBe(ATTRIBUTE_TYPE.messageIntegrity);
  });

  test('with a broken FINGERPRINT is dropped', () => {
    const octets = writeRequest({ method: METHOD.binding, transactionId, fingerprint: true });
    const client = new ControlWorld().client();
    expect(client.answer(octets).code).toBe(0);
    octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1;
    expect(client.send(octets)).toBe('fingerprint-mismatch');
  });

  test.each([
    ['Connect', 0x00a],
    ['ConnectionBind', 0x00b],
    ['Send', 0x006],
    ['an unknown method', 0x0ff],
  ])('that requests %s is dropped', (_name, method) => {
    const alice = new ControlWorld().client();
    const octets = writeRequest({ method, transactionId, signing: alice.signing });
    expect(alice.send(octets)).toBe('unknown-method');
  });

  test.each(['indication', 'success', 'error'] as const)('of class %s is dropped', (messageClass) => {
    const octets = encodeMessage({
      class: messageClass,
      method: METHOD.binding,
      transactionId,
      attributes: [],
    });
    expect(new ControlWorld().client().send(octets)).toBe('not-a-request');
  });
});
