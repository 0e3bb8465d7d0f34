import { isIPv4 } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { TurnEvent } from '@callbox/turn';
import { createGuestPeers, type GuestPeers } from './guest-peers.ts';

const user = (account: string) => ({ username: `1800000000:${account}`, account });
const ana = user('bluebluebluetag1.ana');
const bo = user('bluebluebluetag1.bo');
const eve = user('greengreengreen1.eve');

const bosPlace = { roomTag: 'bluebluebluetag1', participantId: 'bo' };

const office = '192.0.2.7';
const home = '2001:db8:1:2::a';

function peerAt(address: string): { readonly address: Uint8Array } {
  if (isIPv4(address)) return { address: Uint8Array.from(address.split('.').map(Number)) };
  const [head = '', tail = ''] = address.split('::').map((half) =>
    half
      .split(':')
      .filter(Boolean)
      .map((word) => word.padStart(4, '0'))
      .join(''),
  );
  return { address: Buffer.from(head.padEnd(32 - tail.length, '0') + tail, 'hex') };
}

function relayEvent(
  kind: 'allocation-created' | 'allocation-ended',
  account: string,
  from: string,
): TurnEvent {
  const session = { account, client: { address: from, port: 50_000 } };
  return { kind, session } as TurnEvent;
}

function makePeers(): GuestPeers & {
  reaches(who: typeof ana, address: string): boolean;
  pass(ms: number): void;
} {
  let nowMs = 0;
  const peers = createGuestPeers({
    isStaticUser: (username) => username === 'alice',
    nowMs: () => nowMs,
  });
  return {
    ...peers,
    reaches: (who, address) => peers.rule(peerAt(address), who),
    pass: (ms) => void (nowMs += ms),
  };
}

describe('a guest', () => {
  test('reaches the address of a member’s allocation while it lives and a minute longer', () => {
    const peers = makePeers();
    expect(peers.reaches(ana, office)).toBe(false);
    peers.onRelayEvent(relayEvent('allocation-created', bo.account, office));
    peers.pass(10 * 3_600_000);
    expect(peers.reaches(ana, office)).toBe(true);
    peers.onRelayEvent(relayEvent('allocation-ended', bo.account, office));
    peers.pass(60_000);
    expect(peers.reaches(ana, office)).toBe(false);
  });

  test('in a call with a member goes on reaching them when their allocation is gone, until they leave', () => {
    const peers = makePeers();
    // Signaling came by another address than the call does.
    peers.onPresence({ kind: 'entered', ...bosPlace, address: home });
    peers.onRelayEvent(relayEvent('allocation-created', bo.account, office));
    peers.onRelayEvent(relayEvent('allocation-ended', bo.account, office));
    for (let minutes = 0; minutes < 120; minutes += 4) {
      expect(peers.reaches(ana, office)).toBe(true);
      peers.pass(4 * 60_000);
    }
    peers.onPresence({ kind: 'left', ...bosPlace, address: home });
    peers.pass(59_999);
    expect([peers.reaches(ana, office), peers.reaches(ana, home)]).toEqual([true, true]);
    peers.pass(1);
    expect([peers.reaches(ana, office), peers.reaches(ana, home)]).toEqual([false, false]);
  });

  test('reaches the address by which a member came to signaling, and not for long after they left', () => {
    const peers = makePeers();
    peers.onPresence({ kind: 'entered', ...bosPlace, address: `::ffff:${office}` });
    expect(peers.reaches(ana, office)).toBe(true);
    peers.onPresence({ kind: 'left', ...bosPlace, address: `::ffff:${office}` });
    peers.pass(60_000);
    expect(peers.reaches(ana, office)).toBe(false);
  });

  test('who comes back under another id is reached as before', () => {
    const peers = makePeers();
    peers.onPresence({ kind: 'entered', ...bosPlace, address: office });
    peers.onPresence({ kind: 'left', ...bosPlace, address: office });
    peers.pass(20_000);
    expect(peers.reaches(ana, office)).toBe(true);
    peers.onPresence({ kind: 'entered', ...bosPlace, address: office });
    peers.pass(3_600_000);
    expect(peers.reaches(ana, office)).toBe(true);
  });

  test('who comes back under the same id, as after a reload, is reached for as long as before', () => {
    const peers = makePeers();
    peers.onPresence({ kind: 'entered', ...bosPlace, address: home });
    peers.onRelayEvent(relayEvent('allocation-created', bo.account, office));
    peers.onPresence({ kind: 'left', ...bosPlace, address: home });
    peers.onPresence({ kind: 'entered', ...bosPlace, address: home });
    peers.onRelayEvent(relayEvent('allocation-ended', bo.account, office));
    for (let minutes = 0; minutes < 60; minutes += 4) {
      expect(peers.reaches(ana, office)).toBe(true);
      peers.pass(4 * 60_000);
    }
  });

  test('reaches nobody of another room', () => {
    const peers = makePeers();
    peers.onRelayEvent(relayEvent('allocation-created', bo.account, office));
    peers.onPresence({ kind: 'entered', ...bosPlace, address: home });
    expect([peers.reaches(eve, office), peers.reaches(eve, home)]).toEqual([false, false]);
    expect([peers.reaches(ana, office), peers.reaches(ana, home)]).toEqual([true, true]);
  });

  test('reaches an IPv6 address that was seen, and not its neighbours', () => {
    const peers = makePeers();
    peers.onRelayEvent(relayEvent('allocation-created', bo.account, '2001:DB8:1:2:0:0:0:a'));
    expect(peers.reaches(ana, home)).toBe(true);
    expect(peers.reaches(ana, '2001:db8:1:2::b')).toBe(false);
  });

  test('reaches both addresses of one who has two, and the one left when one ends', () => {
    const peers = makePeers();
    for (const from of [office, home]) {
      peers.onRelayEvent(relayEvent('allocation-created', bo.account, from));
    }
    peers.onRelayEvent(relayEvent('allocation-ended', bo.account, office));
    peers.pass(60_000);
    expect([peers.reaches(ana, office), peers.reaches(ana, home)]).toEqual([false, true]);
  });

  test('whose credentials name no room reaches nobody, and is nobody’s member', () => {
    const peers = makePeers();
    const checker = user('check-1234');
    peers.onRelayEvent(relayEvent('allocation-created', checker.account, office));
    expect(peers.reaches(checker, office)).toBe(false);
    expect(peers.reaches(ana, office)).toBe(false);
  });
});

test('a static user is not narrowed', () => {
  expect(makePeers().reaches({ username: 'alice', account: 'alice' }, '198.51.100.1')).toBe(true);
});

test('what is no address is nobody’s', () => {
  const peers = makePeers();
  peers.onPresence({ kind: 'entered', ...bosPlace, address: '' });
  peers.onPresence({ kind: 'left', ...bosPlace, address: 'unknown' });
  expect(peers.rule({ address: new Uint8Array(0) }, ana)).toBe(false);
});

test('whoever has credentials of another service is not narrowed where services are free, and guests are', () => {
  const peers = createGuestPeers({ isStaticUser: () => false, areServicesFree: true, nowMs: () => 0 });
  const reaches = (account: string): boolean => peers.rule(peerAt(office), user(account));
  for (const account of ['1800000000', 'ana', 'ana.smith', '@ana:calls.example', 'a.b.c']) {
    expect([account, reaches(account)]).toEqual([account, true]);
  }
  expect(reaches(ana.account)).toBe(false);
  expect(makePeers().reaches(user('ana'), office)).toBe(false);
});
