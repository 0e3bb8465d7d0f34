import { describe, expect, test } from 'vitest';
import { channelNumber } from '../codec/channel-number.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at, ip } from '../testing/addresses.ts';
import { ControlWorld, USERS, type WorldClient } from '../testing/control-world.ts';
import { attribute } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

const bind = (client: WorldClient, channel: number, peer: string, port = 1000): Response =>
  client.request(TURN_METHOD.channelBind, [
    attribute(channelNumber, channel),
    attribute(xorPeerAddress, at(peer, port)),
  ]);

function allocated(world: ControlWorld): WorldClient {
  const client = world.client();
  expect(client.allocate([attribute(lifetime, 3600)]).code).toBe(0);
  world.takeChanges();
  return client;
}

describe('ChannelBind', () => {
  test('binds a channel and permits its peer', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    const relay = alice.allocation?.id;
    const response = bind(alice, 0x4000, '8.8.8.8');
    expect(response.code).toBe(0);
    expect(response.integrity(alice.user)).toBe('ok');
    expect(world.takeChanges()).toEqual([
      { kind: 'permit', relay, peer: ip('8.8.8.8') },
      { kind: 'bind-channel', relay, channel: 0x4000, peer: at('8.8.8.8', 1000) },
    ]);
  });

  test('again with the same pair refreshes channel and permission', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    bind(alice, 0x4000, '8.8.8.8');
    world.pass(250);
    expect(bind(alice, 0x4000, '8.8.8.8').code).toBe(0);
    world.takeChanges();
    world.pass(250);
    expect(world.takeChanges()).toEqual([]);
    world.pass(50);
    expect(world.takeChanges()).toMatchObject([{ kind: 'forbid' }]);
    world.pass(299);
    expect(world.takeChanges()).toEqual([]);
    world.pass(1);
    expect(world.takeChanges()).toMatchObject([{ kind: 'unbind-channel', channel: 0x4000 }]);
  });

  test.each([
    [0x3fff, 400],
    [0x4000, 0],
    [0x4fff, 0],
    [0x7fff, 0],
    [0x8000, 400],
    [0xffff, 400],
  ])('with channel number %i is %i', (channel, code) => {
    expect(bind(allocated(new ControlWorld()), channel, '8.8.8.8').code).toBe(code);
  });

  test.each(['CHANNEL-NUMBER', 'XOR-PEER-ADDRESS'])('without %s is 400', (missing) => {
    const attributes =
      missing === 'CHANNEL-NUMBER'
        ? [attribute(xorPeerAddress, at('8.8.8.8', 1))]
        : [attribute(channelNumber, 0x4000)];
    expect(allocated(new ControlWorld()).request(TURN_METHOD.channelBind, attributes).code).toBe(400);
  });

  test('to port 0 is 400', () => {
    const alice = allocated(new ControlWorld());
    expect(bind(alice, 0x4000, '8.8.8.8', 0).code).toBe(400);
    expect(bind(alice, 0x4000, '8.8.8.8', 1).code).toBe(0);
  });

  test('of a number that has another peer is 400', () => {
    const alice = allocated(new ControlWorld());
    bind(alice, 0x4000, '8.8.8.8');
    expect(bind(alice, 0x4000, '8.8.8.8', 1001).code).toBe(400);
    expect(bind(alice, 0x4001, '8.8.8.8', 1001).code).toBe(0);
  });

  test('of a peer that has another number is 400', () => {
    const alice = allocated(new ControlWorld());
    bind(alice, 0x4000, '8.8.8.8');
    expect(bind(alice, 0x4001, '8.8.8.8').code).toBe(400);
  });

  test('keeps number and peer tied for five minutes after the channel has expired', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    bind(alice, 0x4000, '8.8.8.8');
    world.pass(600);
    alice.forgetNonce();
    expect(bind(alice, 0x4000, '9.9.9.9').code).toBe(400);
    expect(bind(alice, 0x4001, '8.8.8.8').code).toBe(400);
    world.pass(299);
    expect(bind(alice, 0x4000, '9.9.9.9').code).toBe(400);
    world.pass(1);
    expect(bind(alice, 0x4000, '9.9.9.9').code).toBe(0);
  });

  test('revives an expired channel with the same pair', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    bind(alice, 0x4000, '8.8.8.8');
    world.pass(600);
    alice.forgetNonce();
    world.takeChanges();
    expect(bind(alice, 0x4000, '8.8.8.8').code).toBe(0);
    expect(world.takeChanges()).toMatchObject([
      { kind: 'permit' },
      { kind: 'bind-channel', channel: 0x4000 },
    ]);
  });

  test('to the other family is 443', () => {
    expect(bind(allocated(new ControlWorld()), 0x4000, '2a00::1').code).toBe(443);
  });

  test('to a forbidden peer is 403 and leaves no permission', () => {
    const alice = allocated(new ControlWorld());
    expect(bind(alice, 0x4000, '10.0.0.7').code).toBe(403);
    expect(alice.allocation?.permissions.size).toBe(0);
    expect(alice.allocation?.channels.size).toBe(0);
  });

  test.each([
    ['our TURN port on the relay address', '203.0.113.1', 3478, 403],
    ['our TURN port on its local spelling', '10.0.0.1', 3478, 403],
    ['our web port on the relay address', '203.0.113.1', 8080, 403],
    ['another relay', '203.0.113.1', 50_123, 0],
    ['the same port of somebody else', '8.8.8.8', 3478, 0],
  ])('to %s (%s port %i) is %i', (_name, peer, port, code) => {
    expect(bind(allocated(new ControlWorld()), 0x4000, peer, port).code).toBe(code);
  });

  test('to a service port of another address of this machine is 403, allowed or not', () => {
    const alice = allocated(new ControlWorld({ allowPeers: ['198.51.100.200'] }));
    expect(bind(alice, 0x4000, '198.51.100.200', 8080).code).toBe(403);
    expect(bind(alice, 0x4000, '198.51.100.200', 8081).code).toBe(0);
  });

  test('beyond the limit of channels is 508, while those there are can be refreshed', () => {
    const alice = allocated(new ControlWorld({ limits: { channelsPerAllocation: 2 } }));
    expect(bind(alice, 0x4000, '8.8.8.8', 1).code).toBe(0);
    expect(bind(alice, 0x4001, '8.8.8.8', 2).code).toBe(0);
    expect(bind(alice, 0x4002, '8.8.8.8', 3).code).toBe(508);
    expect(bind(alice, 0x4001, '8.8.8.8', 2).code).toBe(0);
  });

  test('beyond the limit of permissions is 508 and binds nothing', () => {
    const alice = allocated(new ControlWorld({ limits: { permissionsPerAllocation: 1 } }));
    expect(bind(alice, 0x4000, '8.8.8.8').code).toBe(0);
    expect(bind(alice, 0x4001, '9.9.9.9').code).toBe(508);
    expect(alice.allocation?.channels.size).toBe(1);
  });

  test('is 508 where the relay port cannot be opened', () => {
    const world = new ControlWorld();
    const alice = allocated(world);
    world.socketResult = 'refused';
    expect(bind(alice, 0x4000, '8.8.8.8').code).toBe(508);
    expect(bind(alice, 0x4000, '203.0.113.1', 50_001).code).toBe(0);
  });

  test('without an allocation is 437, by another user 441', () => {
    const world = new ControlWorld();
    expect(bind(world.client(), 0x4000, '8.8.8.8').code).toBe(437);
    allocated(world);
    const bob = world.client({ username: 'bob', password: USERS.bob });
    expect(bind(bob, 0x4000, '8.8.8.8').code).toBe(441);
  });
});
