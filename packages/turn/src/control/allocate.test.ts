import { METHOD, realm as realmAttribute, unknownAttributes, xorMappedAddress } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { addressErrorCode } from '../codec/address-error-code.ts';
import { dontFragment } from '../codec/dont-fragment.ts';
import { evenPort } from '../codec/even-port.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { requestedTransport } from '../codec/requested-transport.ts';
import { reservationToken } from '../codec/reservation-token.ts';
import { TURN_ATTRIBUTE_TYPE } from '../codec/turn-attribute-type.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { at, ip } from '../testing/addresses.ts';
import { setRelayAddresses } from './control.ts';
import { ControlWorld, SHARED_SECRET, START_SECONDS, USERS } from '../testing/control-world.ts';
import { attribute, rawAttribute, writeRequest } from '../testing/request.ts';

const clientAt = (port: number): { readonly remote: ReturnType<typeof at> } => ({
  remote: at('198.51.100.1', port),
});
const V4_ONLY = [{ local: '10.0.0.1', advertised: '203.0.113.1' }];
const V6_ONLY = [{ local: '2001:db8::1', advertised: '2001:db8::1' }];

describe('Allocate', () => {
  test('answers with relayed address, mapped address and lifetime, signed', () => {
    const world = new ControlWorld();
    const alice = world.client();

    const response = alice.allocate();

    expect(response.code).toBe(0);
    const relayed = response.get(xorRelayedAddress);
    expect(relayed).toMatchObject(ip('203.0.113.1'));
    expect(relayed.port).toBeGreaterThanOrEqual(50_000);
    expect(relayed.port).toBeLessThanOrEqual(50_999);
    expect(response.get(xorMappedAddress)).toEqual(at('198.51.100.1', 40_000));
    expect(response.get(lifetime)).toBe(600);
    expect(response.integrity(alice.user)).toBe('ok');
  });

  describe('over TCP or TLS, where UDP has a head start', () => {
    const binding = writeRequest({ method: METHOD.binding, transactionId: new Uint8Array(12) });
    const world = () => new ControlWorld({ udpHeadStartMs: 700 });
    const overTcp = (of: ControlWorld) => of.client({ transport: 'tcp', remote: at('198.51.100.1', 50_000) });

    test('is granted at once and answered later to who was just heard over UDP', () => {
      const heard = world();
      heard.client().send(binding);
      const response = overTcp(heard).allocate();
      expect([response.code, heard.lastAnswerAfterMs]).toEqual([0, 700]);
      expect(heard.events).toMatchObject([{ kind: 'allocation-created' }]);
    });

    test('is not answered sooner to who asks again', () => {
      const heard = world();
      heard.client().send(binding);
      const client = overTcp(heard);
      const transactionId = new Uint8Array(12).fill(9);
      client.allocate([], { transactionId });
      heard.pass(0.25);
      client.allocate([], { transactionId });
      expect(heard.lastAnswerAfterMs).toBe(450);
      heard.pass(1);
      client.allocate([], { transactionId });
      expect(heard.lastAnswerAfterMs).toBeUndefined();
    });

    test('is answered at once to who was not, or long ago, or over TCP alone', () => {
      const silent = world();
      overTcp(silent).send(binding);
      silent.client({ remote: at('198.51.100.9', 40_000) }).send(binding);
      overTcp(silent).allocate();
      expect(silent.lastAnswerAfterMs).toBeUndefined();
      const late = world();
      late.client().send(binding);
      late.pass(4);
      overTcp(late).allocate();
      expect(late.lastAnswerAfterMs).toBeUndefined();
    });

    test('is not held over UDP, and neither is a refusal', () => {
      const heard = world();
      heard.client().send(binding);
      heard.client().allocate();
      expect(heard.lastAnswerAfterMs).toBeUndefined();
      heard.control.isDraining = true;
      expect(overTcp(heard).allocate().code).toBe(508);
      expect(heard.lastAnswerAfterMs).toBeUndefined();
    });
  });

  test('tells the data plane of the relay, and opens no socket', () => {
    const world = new ControlWorld();
    const response = world.client().allocate();

    const ports = [{ family: 4, port: response.get(xorRelayedAddress).port }];
    expect(world.changes).toMatchObject([{ kind: 'add-relay', ports }]);
    expect(world.socketsAsked).toBe(0);
    expect(world.events).toMatchObject([{ kind: 'allocation-created' }]);
  });

  test('gives what comes after a change of the relay address the new one, and repeats the old to who has it', () => {
    const world = new ControlWorld({ relayAddresses: V4_ONLY });
    const [alice, bob, carol] = [40_001, 40_002, 40_003].map((port) => world.client(clientAt(port)));
    const transactionId = new Uint8Array(12).fill(9);
    alice?.allocate([], { transactionId });
    setRelayAddresses(world.control, [
      { local: ip('10.0.0.2'), advertised: ip('203.0.113.2') },
      { local: ip('2001:db8::2'), advertised: ip('2001:db8::2') },
    ]);
    expect(bob?.allocate().get(xorRelayedAddress)).toMatchObject(ip('203.0.113.2'));
    expect(alice?.allocate([], { transactionId }).get(xorRelayedAddress)).toMatchObject(ip('203.0.113.1'));
    expect(world.takeChanges()).toMatchObject([
      { ports: [{ address: { local: ip('10.0.0.1') } }] },
      { ports: [{ address: { local: ip('10.0.0.2') } }] },
    ]);
    // A family that comes is served; one that goes is not.
    expect(carol?.allocate([attribute(requestedAddressFamily, 6)]).code).toBe(0);
    setRelayAddresses(world.control, []);
    expect(world.client(clientAt(40_004)).allocate().code).toBe(440);
  });

  test('repeats the very octets when the same transaction comes again, and makes nothing new', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const transactionId = new Uint8Array(12).fill(9);

    const first = alice.allocate([], { transactionId });
    world.pass(2);
    const second = alice.allocate([], { transactionId });

    expect(second.octets).toEqual(first.octets);
    expect(world.control.allocations.size).toBe(1);
  });

  test('keeps its own copy of the transaction id, since the octets of the request are only lent', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const transactionId = new Uint8Array(12).fill(9);
    const response = alice.allocate([], { transactionId });
    transactionId.fill(0);
    expect(response.code).toBe(0);
    expect(alice.allocation?.transactionId).toEqual(new Uint8Array(12).fill(9));
  });

  test('is refused with 437 under another transaction id while there is an allocation', () => {
    const alice = new ControlWorld().client();
    expect(alice.allocate().code).toBe(0);
    const again = alice.allocate();
    expect(again.code).toBe(437);
    expect(again.integrity(alice.user)).toBe('ok');
  });

  test('takes UDP and TCP clients of one address and port for two', () => {
    const world = new ControlWorld();
    expect(world.client({ transport: 'udp' }).allocate().code).toBe(0);
    expect(world.client({ transport: 'tcp' }).allocate().code).toBe(0);
    expect(world.control.allocations.size).toBe(2);
  });

  test('takes one client at two of our addresses for two', () => {
    const world = new ControlWorld();
    expect(world.client().allocate().code).toBe(0);
    expect(world.client({ local: at('203.0.113.2', 3478) }).allocate().code).toBe(0);
  });

  describe('REQUESTED-TRANSPORT', () => {
    test('is required', () => {
      expect(new ControlWorld().client().request(TURN_METHOD.allocate).code).toBe(400);
    });

    test('has four octets', () => {
      const broken = rawAttribute(TURN_ATTRIBUTE_TYPE.requestedTransport, Uint8Array.of(17));
      expect(new ControlWorld().client().request(TURN_METHOD.allocate, [broken]).code).toBe(400);
    });

    test('is UDP and nothing else', () => {
      const tcp = attribute(requestedTransport, 6);
      expect(new ControlWorld().client().request(TURN_METHOD.allocate, [tcp]).code).toBe(442);
    });
  });

  describe('address families', () => {
    test('are IPv4 by default, for clients on IPv6 too', () => {
      const onIpv6 = new ControlWorld().client({
        remote: at('2001:db8:7::7', 40_000),
        local: at('2001:db8::1', 3478),
      });
      expect(onIpv6.allocate().get(xorRelayedAddress)).toMatchObject(ip('203.0.113.1'));
    });

    test('are IPv6 by default only where there is no IPv4', () => {
      const world = new ControlWorld({ relayAddresses: V6_ONLY });
      expect(world.client().allocate().get(xorRelayedAddress)).toMatchObject(ip('2001:db8::1'));
    });

    test.each([
      [4, '203.0.113.1'],
      [6, '2001:db8::1'],
    ] as const)('are what REQUESTED-ADDRESS-FAMILY says: %i', (family, address) => {
      const response = new ControlWorld().client().allocate([attribute(requestedAddressFamily, family)]);
      expect(response.get(xorRelayedAddress)).toMatchObject(ip(address));
    });

    test('that the server does not have are refused with 440', () => {
      const world = new ControlWorld({ relayAddresses: V4_ONLY });
      expect(world.client().allocate([attribute(requestedAddressFamily, 6)]).code).toBe(440);
    });

    test('that nobody knows are refused with 440', () => {
      const unknown = rawAttribute(TURN_ATTRIBUTE_TYPE.requestedAddressFamily, Uint8Array.of(3, 0, 0, 0));
      expect(new ControlWorld().client().allocate([unknown]).code).toBe(440);
    });

    test('come as a pair with ADDITIONAL-ADDRESS-FAMILY', () => {
      const world = new ControlWorld();
      const response = world.client().allocate([attribute(additionalAddressFamily, 6)]);
      const relayed = response.all(xorRelayedAddress);
      expect(relayed.map(({ family }) => family)).toEqual([4, 6]);
      expect(response.has(addressErrorCode)).toBe(false);
      const ports = relayed.map(({ family, port }) => ({ family, port }));
      expect(world.changes).toMatchObject([{ kind: 'add-relay', ports }]);
    });

    test('may lack one of the pair, which gets a code of its own', () => {
      const world = new ControlWorld({ relayAddresses: V4_ONLY });
      const response = world.client().allocate([attribute(additionalAddressFamily, 6)]);
      expect(response.code).toBe(0);
      expect(response.all(xorRelayedAddress)).toHaveLength(1);
      expect(response.get(addressErrorCode)).toEqual({ family: 6, code: 440 });
    });

    test('cannot be additional IPv4', () => {
      expect(new ControlWorld().client().allocate([attribute(additionalAddressFamily, 4)]).code).toBe(400);
    });

    test('cannot be requested and additional at once', () => {
      const both = [attribute(requestedAddressFamily, 4), attribute(additionalAddressFamily, 6)];
      expect(new ControlWorld().client().allocate(both).code).toBe(400);
    });
  });

  describe('what we do not do', () => {
    test('DONT-FRAGMENT is named in a 420', () => {
      const response = new ControlWorld().client().allocate([attribute(dontFragment, new Uint8Array())]);
      expect(response.code).toBe(420);
      expect(response.get(unknownAttributes)).toEqual([TURN_ATTRIBUTE_TYPE.dontFragment]);
    });

    test('an unknown family is reported before DONT-FRAGMENT', () => {
      const world = new ControlWorld({ relayAddresses: V4_ONLY });
      const wishes = [attribute(requestedAddressFamily, 6), attribute(dontFragment, new Uint8Array())];
      expect(world.client().allocate(wishes).code).toBe(440);
    });

    test('RESERVATION-TOKEN is refused with 508, since no port is ever reserved', () => {
      const token = attribute(reservationToken, new Uint8Array(8));
      expect(new ControlWorld().client().allocate([token]).code).toBe(508);
    });

    test.each([
      ['EVEN-PORT', attribute(evenPort, { reserveNext: false })],
      ['REQUESTED-ADDRESS-FAMILY', attribute(requestedAddressFamily, 4)],
      ['ADDITIONAL-ADDRESS-FAMILY', attribute(additionalAddressFamily, 6)],
    ])('RESERVATION-TOKEN with %s is malformed', (_name, other) => {
      const token = attribute(reservationToken, new Uint8Array(8));
      expect(new ControlWorld().client().allocate([token, other]).code).toBe(400);
    });

    test('EVEN-PORT that wants the next port too is refused with 508', () => {
      const pair = attribute(evenPort, { reserveNext: true });
      expect(new ControlWorld().client().allocate([pair]).code).toBe(508);
    });
  });

  test('honours EVEN-PORT, each time, and leaks no odd neighbour', () => {
    const world = new ControlWorld({ relayPorts: { min: 50_000, max: 50_009 } });
    for (let round = 0; round < 50; round += 1) {
      const client = world.client(clientAt(41_000 + round));
      const response = client.allocate([attribute(evenPort, { reserveNext: false })]);
      expect(response.get(xorRelayedAddress).port % 2).toBe(0);
      expect(client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]).code).toBe(0);
    }
    expect(world.control.ports.get(4)?.freePorts(world.now.monotonicMs)).toBe(10);
  });

  describe('LIFETIME', () => {
    test.each([
      ['nothing', undefined, 600],
      ['less than the default', 5, 600],
      ['nothing at all', 0, 600],
      ['more than the default', 1200, 1200],
      ['the maximum', 3600, 3600],
      ['more than the maximum', 3601, 3600],
      ['as much as can be said', 2 ** 32 - 1, 3600],
    ])('when asked for %s (%s) is %i', (_name, asked, granted) => {
      const wish = asked === undefined ? [] : [attribute(lifetime, asked)];
      expect(new ControlWorld().client().allocate(wish).get(lifetime)).toBe(granted);
    });

    test('has four octets', () => {
      const broken = rawAttribute(TURN_ATTRIBUTE_TYPE.lifetime, new Uint8Array(2));
      expect(new ControlWorld().client().allocate([broken]).code).toBe(400);
    });
  });

  describe('limits', () => {
    test('per user are 486, spare others, and a freed place can be taken', () => {
      const world = new ControlWorld({ limits: { allocationsPerAccount: 2 } });
      const [first, second, third] = [1, 2, 3].map((port) => world.client(clientAt(port)));
      expect(first?.allocate().code).toBe(0);
      expect(second?.allocate().code).toBe(0);
      expect(third?.allocate().code).toBe(486);
      const bob = world.client({ ...clientAt(4), username: 'bob', password: USERS.bob });
      expect(bob.allocate().code).toBe(0);
      expect(first?.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]).code).toBe(0);
      expect(third?.allocate().code).toBe(0);
    });

    test('count a request that comes twice once', () => {
      const world = new ControlWorld({ limits: { allocationsPerAccount: 2 } });
      const transactionId = new Uint8Array(12).fill(1);
      const first = world.client(clientAt(1));
      for (let time = 0; time < 5; time += 1) expect(first.allocate([], { transactionId }).code).toBe(0);
      expect(world.client(clientAt(2)).allocate().code).toBe(0);
    });

    test('count all credentials of one id together', () => {
      const world = new ControlWorld({ limits: { allocationsPerAccount: 1 } });
      const [early, late, other] = [
        `${START_SECONDS + 60}:guest-1`,
        `${START_SECONDS + 90}:guest-1`,
        `${START_SECONDS + 90}:guest-2`,
      ].map((username, index) =>
        world.client({
          ...clientAt(index + 1),
          username,
          password: timeLimitedPassword(SHARED_SECRET, username),
        }),
      );
      expect(early?.allocate().code).toBe(0);
      expect(late?.allocate().code).toBe(486);
      expect(other?.allocate().code).toBe(0);
    });

    test('in all are 486 too', () => {
      const world = new ControlWorld({ limits: { allocationsTotal: 1 } });
      expect(world.client(clientAt(1)).allocate().code).toBe(0);
      const bob = world.client({ ...clientAt(2), username: 'bob', password: USERS.bob });
      expect(bob.allocate().code).toBe(486);
    });

    test('of ports are 508, and the pool is whole again when allocations have expired', () => {
      const world = new ControlWorld({ relayPorts: { min: 50_000, max: 50_003 } });
      const clients = [1, 2, 3, 4, 5].map((port) => world.client(clientAt(port)));
      expect(clients.map((client) => client.allocate().code)).toEqual([0, 0, 0, 0, 508]);
      world.pass(601);
      for (const client of clients) client.forgetNonce();
      expect(clients.slice(1).map((client) => client.allocate().code)).toEqual([0, 0, 0, 0]);
    });

    test('are checked after the request itself', () => {
      const world = new ControlWorld({ limits: { allocationsPerAccount: 0 } });
      const tcp = attribute(requestedTransport, 6);
      expect(world.client().request(TURN_METHOD.allocate, [tcp]).code).toBe(442);
    });
  });

  describe('time-limited credentials', () => {
    const username = `${START_SECONDS + 60}:guest`;
    const password = timeLimitedPassword(SHARED_SECRET, username);

    test('work until their time is over, and then bring a challenge', () => {
      const world = new ControlWorld();
      world.pass(59);
      expect(world.client({ ...clientAt(1), username, password }).allocate().code).toBe(0);
      world.pass(1);
      const response = world.client({ ...clientAt(2), username, password }).allocate();
      expect(response.code).toBe(401);
      expect(response.has(realmAttribute)).toBe(true);
    });

    test('that have expired still refresh what they made', () => {
      const world = new ControlWorld();
      const guest = world.client({ username, password });
      expect(guest.allocate().code).toBe(0);
      world.pass(500);
      expect(guest.request(TURN_METHOD.refresh).code).toBe(0);
    });

    test('that have expired are not minded where nothing is made', () => {
      const world = new ControlWorld();
      world.pass(60);
      expect(world.client({ username, password }).request(TURN_METHOD.refresh).code).toBe(437);
    });
  });
});
