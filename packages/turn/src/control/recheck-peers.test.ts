import { describe, expect, test } from 'vitest';
import { channelNumber } from '../codec/channel-number.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at, ip } from '../testing/addresses.ts';
import { ControlWorld, USERS, type WorldClient } from '../testing/control-world.ts';
import { attribute } from '../testing/request.ts';

const FIRST = at('8.8.8.8', 1000);
const SECOND = at('9.9.9.9', 1000);
/** What the world's clients are told as their relayed address. */
const OWN_RELAY = at('203.0.113.1', 50_001);
const CHANNEL = 0x4000;

function permit(client: WorldClient, ...peers: readonly (typeof FIRST)[]): number {
  const attributes = peers.map((peer) => attribute(xorPeerAddress, peer));
  return client.request(TURN_METHOD.createPermission, attributes).code;
}

function bind(client: WorldClient, channel: number, peer: typeof FIRST): number {
  const attributes = [attribute(channelNumber, channel), attribute(xorPeerAddress, peer)];
  return client.request(TURN_METHOD.channelBind, attributes).code;
}

describe('a rule of the embedder', () => {
  test('is asked with the peer and its user, and narrows what the lists allow', () => {
    const asked: unknown[] = [];
    const world = new ControlWorld({
      peerRule: (peer, user) => {
        asked.push({ peer, user });
        return peer.address[0] === 8;
      },
    });
    const alice = world.client();
    alice.allocate();
    expect(permit(alice, FIRST)).toBe(0);
    expect(permit(alice, SECOND)).toBe(403);
    expect([bind(alice, CHANNEL, FIRST), bind(alice, CHANNEL + 1, SECOND)]).toEqual([0, 403]);
    expect(asked[0]).toMatchObject({ peer: ip('8.8.8.8'), user: { username: 'alice', account: 'alice' } });
  });

  test('cannot widen what the lists deny', () => {
    const world = new ControlWorld({ peerRule: () => true });
    const alice = world.client();
    alice.allocate();
    expect(permit(alice, at('10.0.0.5', 1))).toBe(403);
    expect(permit(alice, FIRST)).toBe(0);
  });

  test('has no say about relay addresses of this server', () => {
    const world = new ControlWorld({ peerRule: () => false });
    const alice = world.client();
    alice.allocate();
    expect([permit(alice, OWN_RELAY), permit(alice, FIRST)]).toEqual([0, 403]);
  });

  test('lets all peers of a request pass or none', () => {
    const world = new ControlWorld({ peerRule: ({ address }) => address[0] === 8 });
    const alice = world.client();
    alice.allocate();
    expect(permit(alice, FIRST, SECOND)).toBe(403);
    expect(alice.allocation?.permissions.size).toBe(0);
    expect(permit(alice, FIRST)).toBe(0);
  });

  test('may tell users apart', () => {
    const world = new ControlWorld({ peerRule: (_peer, { account }) => account === 'bob' });
    const alice = world.client();
    const bob = world.client({ remote: at('198.51.100.2', 1), username: 'bob', password: USERS.bob });
    alice.allocate();
    bob.allocate();
    expect([permit(alice, FIRST), permit(bob, FIRST)]).toEqual([403, 0]);
  });
});

describe('rules that have changed', () => {
  const established = (): { readonly world: ControlWorld; readonly alice: WorldClient } => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    bind(alice, CHANNEL, FIRST);
    bind(alice, CHANNEL + 1, SECOND);
    permit(alice, OWN_RELAY);
    world.takeChanges();
    return { world, alice };
  };

  test('withdraw permissions and channels that they no longer give, and touch nothing else', () => {
    const { world, alice } = established();
    world.changePeers({ denyPeers: ['8.0.0.0/8'] });
    const relay = alice.allocation?.id;
    expect(world.takeChanges()).toEqual([
      { kind: 'forbid', relay, peer: ip('8.8.8.8') },
      { kind: 'unbind-channel', relay, channel: CHANNEL },
    ]);
    expect(bind(alice, CHANNEL, FIRST)).toBe(403);
    expect([bind(alice, CHANNEL + 1, SECOND), permit(alice, OWN_RELAY)]).toEqual([0, 0]);
    expect(world.takeChanges()).toEqual([]);
  });

  test('that still give everything withdraw nothing', () => {
    const { world } = established();
    world.changePeers({ denyPeers: ['7.0.0.0/8'], peerRule: () => true });
    expect(world.takeChanges()).toEqual([]);
  });

  test('may be those of the embedder', () => {
    const { world, alice } = established();
    world.changePeers({ peerRule: () => false });
    expect(world.takeChanges().map(({ kind }) => kind)).toEqual([
      'forbid',
      'forbid',
      'unbind-channel',
      'unbind-channel',
    ]);
    expect(permit(alice, OWN_RELAY)).toBe(0);
  });

  test('keep number and peer of a withdrawn channel tied as those of an expired one', () => {
    const { world, alice } = established();
    world.changePeers({ denyPeers: ['8.0.0.0/8'] });
    world.changePeers({});
    world.takeChanges();
    expect(bind(alice, CHANNEL, at('7.7.7.7', 1))).toBe(400);
    expect(bind(alice, CHANNEL, FIRST)).toBe(0);
    expect(world.takeChanges().map(({ kind }) => kind)).toEqual(['permit', 'bind-channel']);
  });

  test('free a withdrawn channel when its time is over', () => {
    const { world, alice } = established();
    world.changePeers({ denyPeers: ['8.0.0.0/8'] });
    world.pass(590);
    alice.request(TURN_METHOD.refresh);
    world.pass(320);
    alice.forgetNonce();
    expect(bind(alice, CHANNEL, at('7.7.7.7', 1))).toBe(0);
  });
});
