import { describe, expect, test } from 'vitest';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { TURN_ATTRIBUTE_TYPE } from '../codec/turn-attribute-type.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at, ip } from '../testing/addresses.ts';
import { ControlWorld, USERS, type WorldClient } from '../testing/control-world.ts';
import { attribute, rawAttribute } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

const permit = (client: WorldClient, ...peers: readonly string[]): Response =>
  client.request(
    TURN_METHOD.createPermission,
    peers.map((peer) => attribute(xorPeerAddress, at(peer, 0))),
  );

function allocated(world: ControlWorld, ...wishes: Parameters<WorldClient['allocate']>): WorldClient {
  const client = world.client();
  expect(client.allocate(...wishes).code).toBe(0);
  world.takeChanges();
  return client;
}

describe('CreatePermission', () => {
  test('installs every peer, by address and whatever the port', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    const relay = alice.allocation?.id;
    const response = permit(alice, '8.8.8.8', '9.9.9.9');
    expect(response.code).toBe(0);
    expect(response.integrity(alice.user)).toBe('ok');
    expect(world.takeChanges()).toEqual([
      { kind: 'permit', relay, peer: ip('8.8.8.8') },
      { kind: 'permit', relay, peer: ip('9.9.9.9') },
    ]);
  });

  test('lasts five minutes from its last refresh', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    const relay = alice.allocation?.id;
    permit(alice, '8.8.8.8');
    world.pass(299);
    permit(alice, '8.8.8.8');
    world.takeChanges();
    world.pass(299);
    expect(world.takeChanges()).toEqual([]);
    world.pass(1);
    expect(world.takeChanges()).toEqual([{ kind: 'forbid', relay, peer: ip('8.8.8.8') }]);
    permit(alice, '8.8.8.8');
    expect(world.takeChanges()).toEqual([{ kind: 'permit', relay, peer: ip('8.8.8.8') }]);
  });

  test('does not tell the data plane twice what it knows', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    permit(alice, '8.8.8.8');
    world.takeChanges();
    expect(permit(alice, '8.8.8.8').code).toBe(0);
    expect(world.takeChanges()).toEqual([]);
  });

  test('without a peer is 400', () => {
    expect(permit(allocated(new ControlWorld())).code).toBe(400);
  });

  test('with a malformed peer is 400, even behind a good one', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    const response = alice.request(TURN_METHOD.createPermission, [
      attribute(xorPeerAddress, at('8.8.8.8', 0)),
      rawAttribute(TURN_ATTRIBUTE_TYPE.xorPeerAddress, new Uint8Array(7)),
    ]);
    expect(response.code).toBe(400);
    expect(alice.allocation?.permissions.size).toBe(0);
  });

  test('is all or nothing: one forbidden peer and none is installed', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    expect(permit(alice, '8.8.8.8', '10.0.0.7').code).toBe(403);
    expect(alice.allocation?.permissions.size).toBe(0);
    expect(world.takeChanges()).toEqual([]);
    expect(permit(alice, '8.8.8.8').code).toBe(0);
  });

  test('of the other family is 443, and of either with an allocation of both', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    expect(permit(alice, '2a00::1').code).toBe(443);
    const both = world.client({ remote: at('198.51.100.2', 1) });
    both.allocate([attribute(additionalAddressFamily, 6)]);
    expect(permit(both, '2a00::1', '8.8.8.8').code).toBe(0);
  });

  test('takes an IPv4 address in the coat of IPv6 for IPv6', () => {
    const world = new ControlWorld();
    expect(permit(allocated(world), '::ffff:8.8.8.8').code).toBe(443);
    const onIpv6 = world.client({ remote: at('198.51.100.2', 1) });
    onIpv6.allocate([attribute(requestedAddressFamily, 6)]);
    expect(permit(onIpv6, '::ffff:8.8.8.8').code).toBe(403);
    expect(permit(onIpv6, '2a00::1').code).toBe(0);
  });

  test('beyond the limit is 508, while what is there can be refreshed', () => {
    const alice = allocated(new ControlWorld({ limits: { permissionsPerAllocation: 2 } }));
    expect(permit(alice, '8.8.8.1', '8.8.8.2').code).toBe(0);
    expect(permit(alice, '8.8.8.3').code).toBe(508);
    expect(permit(alice, '8.8.8.2', '8.8.8.1').code).toBe(0);
  });

  test('counts one peer in one request once', () => {
    const alice = allocated(new ControlWorld({ limits: { permissionsPerAllocation: 1 } }));
    expect(permit(alice, '8.8.8.8', '8.8.8.8').code).toBe(0);
  });

  test('without an allocation is 437', () => {
    expect(permit(new ControlWorld().client(), '8.8.8.8').code).toBe(437);
  });

  test('by another user is 441', () => {
    const world = new ControlWorld();
    allocated(world);
    const bob = world.client({ username: 'bob', password: USERS.bob });
    expect(permit(bob, '8.8.8.8').code).toBe(441);
  });

  describe('and sockets', () => {
    test('asks for one with the first peer outside this server, and only then', () => {
      const world = new ControlWorld();
      const alice = allocated(world);
      expect(permit(alice, '203.0.113.1').code).toBe(0);
      expect(world.socketsAsked).toBe(0);
      expect(permit(alice, '8.8.8.8').code).toBe(0);
      expect(permit(alice, '8.8.4.4').code).toBe(0);
      expect(world.socketsAsked).toBe(1);
    });

    test('asks for one per family', () => {
      const world = new ControlWorld();
      const alice = allocated(world, [attribute(additionalAddressFamily, 6)]);
      expect(permit(alice, '8.8.8.8', '2a00::1').code).toBe(0);
      expect(world.socketsAsked).toBe(2);
    });

    test('asks for none on behalf of a forbidden peer', () => {
      const world = new ControlWorld();
      expect(permit(allocated(world), '10.0.0.7').code).toBe(403);
      expect(world.socketsAsked).toBe(0);
    });

    test('is 508 where the port cannot be opened, and still meets other clients of this server', () => {
      const world = new ControlWorld();
      const alice = allocated(world);
      world.socketResult = 'refused';
      expect(permit(alice, '8.8.8.8').code).toBe(508);
      expect(alice.allocation?.permissions.size).toBe(0);
      expect(permit(alice, '203.0.113.1').code).toBe(0);
    });
  });

  test.each(['203.0.113.1', '10.0.0.1'])('always reaches our own relay address as %s', (own) => {
    const world = new ControlWorld({ denyPeers: ['0.0.0.0/0', '203.0.113.1', '10.0.0.1'] });
    expect(permit(allocated(world), own).code).toBe(0);
    expect(permit(allocated(new ControlWorld()), '203.0.113.2').code).toBe(403);
  });
});
