import { describe, expect, test } from 'vitest';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { channelNumber } from '../codec/channel-number.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { TURN_ATTRIBUTE_TYPE } from '../codec/turn-attribute-type.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, USERS, type WorldClient } from '../testing/control-world.ts';
import { attribute, rawAttribute } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

const PEER = at('8.8.8.8', 1000);
const refresh = (client: WorldClient, ...attributes: Parameters<WorldClient['allocate']>[0][]): Response =>
  client.request(
    TURN_METHOD.refresh,
    attributes.flatMap((list) => list ?? []),
  );

const bind = (client: WorldClient, channel: number, peer: typeof PEER): number =>
  client.request(TURN_METHOD.channelBind, [
    attribute(channelNumber, channel),
    attribute(xorPeerAddress, peer),
  ]).code;

describe('Refresh', () => {
  test('prolongs an allocation that would have ended, and says for how long', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    world.pass(590);
    const response = refresh(alice);
    expect(response.get(lifetime)).toBe(600);
    expect(response.integrity(alice.user)).toBe('ok');
    world.pass(590);
    expect(alice.allocation).toBeDefined();
    world.pass(10);
    expect(alice.allocation).toBeUndefined();
  });

  test.each([
    [700, 700],
    [3600, 3600],
    [2 ** 32 - 1, 3600],
    [1, 600],
  ])('asked for %i seconds grants %i', (asked, granted) => {
    const alice = new ControlWorld().client();
    alice.allocate();
    expect(refresh(alice, [attribute(lifetime, asked)]).get(lifetime)).toBe(granted);
  });

  test('with LIFETIME 0 deletes, and again it is 437', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    const relay = alice.allocation?.id;
    world.takeChanges();

    const response = refresh(alice, [attribute(lifetime, 0)]);

    expect(response.get(lifetime)).toBe(0);
    expect(world.takeChanges()).toEqual([{ kind: 'remove-relay', relay }]);
    expect(world.events.at(-1)).toMatchObject({ kind: 'allocation-ended', cause: 'deleted' });
    const again = refresh(alice, [attribute(lifetime, 0)]);
    expect(again.code).toBe(437);
    expect(again.integrity(alice.user)).toBe('ok');
  });

  test('without an allocation is 437, not silence', () => {
    expect(refresh(new ControlWorld().client()).code).toBe(437);
  });

  test('by another user is 441 and changes nothing', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    const bob = world.client({ username: 'bob', password: USERS.bob });
    const response = refresh(bob, [attribute(lifetime, 0)]);
    expect(response.code).toBe(441);
    expect(response.integrity(bob.user)).toBe('ok');
    expect(alice.allocation).toBeDefined();
  });

  test('of a family the allocation does not have is 443, of its own a success', () => {
    const alice = new ControlWorld().client();
    alice.allocate();
    expect(refresh(alice, [attribute(requestedAddressFamily, 6)]).code).toBe(443);
    expect(refresh(alice, [attribute(requestedAddressFamily, 4)]).code).toBe(0);
  });

  test('with LIFETIME 0 and a family gives one of two back', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate([attribute(additionalAddressFamily, 6)]);
    const relay = alice.allocation?.id;
    world.takeChanges();
    expect(refresh(alice, [attribute(requestedAddressFamily, 6), attribute(lifetime, 0)]).code).toBe(0);
    expect(world.takeChanges()).toEqual([{ kind: 'remove-port', relay, family: 6 }]);
    expect(alice.allocation?.ports.map(({ family }) => family)).toEqual([4]);
    expect(world.control.ports.get(6)?.freePorts(world.now.monotonicMs)).toBe(1000);
    expect(refresh(alice, [attribute(requestedAddressFamily, 6)]).code).toBe(443);
    expect(refresh(alice).code).toBe(0);
  });

  test('gives back with a family whatever led to peers of it, and leaves the rest', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate([attribute(additionalAddressFamily, 6)]);
    const relay = alice.allocation?.id;
    const peer = at('2600::1', 1000);
    expect(bind(alice, 0x4000, PEER)).toBe(0);
    expect(bind(alice, 0x4001, peer)).toBe(0);
    world.takeChanges();
    expect(refresh(alice, [attribute(requestedAddressFamily, 6), attribute(lifetime, 0)]).code).toBe(0);
    expect(world.takeChanges()).toEqual([
      { kind: 'forbid', relay, peer: { family: 6, address: peer.address } },
      { kind: 'unbind-channel', relay, channel: 0x4001 },
      { kind: 'remove-port', relay, family: 6 },
    ]);
    expect(alice.allocation?.permissions.size).toBe(1);
    expect(bind(alice, 0x4000, PEER)).toBe(0);
    expect(bind(alice, 0x4001, peer)).toBe(443);
  });

  test.each([TURN_ATTRIBUTE_TYPE.lifetime, TURN_ATTRIBUTE_TYPE.requestedAddressFamily])(
    'with a malformed attribute %i is 400',
    (type) => {
      const alice = new ControlWorld().client();
      alice.allocate();
      expect(refresh(alice, [rawAttribute(type, new Uint8Array(3))]).code).toBe(400);
    },
  );

  test('does not prolong permissions', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    alice.request(TURN_METHOD.createPermission, [attribute(xorPeerAddress, PEER)]);
    world.pass(299);
    refresh(alice);
    expect(alice.allocation?.permissions.size).toBe(1);
    world.pass(1);
    expect(alice.allocation?.permissions.size).toBe(0);
  });
});
