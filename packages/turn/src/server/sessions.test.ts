import { formatIpAddress, METHOD } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { at } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { octetsOf } from '../testing/media.ts';
import { attribute } from '../testing/request.ts';
import { ADVERTISED_HOST, BOB, PEER_HOST, RELAY_HOST, ServerWorld } from '../testing/server-world.ts';
import type { TurnEvent } from './turn-session.ts';
import { TurnOptionsError } from './turn-options-error.ts';

const CHANNEL = 0x4000;
const world = new ServerWorld();

afterEach(() => world.end());

describe('sessions', () => {
  test('show whose an allocation is, where it leads and what it has carried, and no credential', async () => {
    const server = await world.start({ sharedSecrets: ['between us'] });
    const username = `${Math.floor(Date.now() / 1000) + 60}:guest`;
    const password = timeLimitedPassword('between us', username);
    const client = await world.overUdp(server, { username, password });
    const peer = await world.peer();
    const relayed = await client.allocate();
    await client.bind(CHANNEL, peer.address);
    client.sendOn(CHANNEL, octetsOf('over'));
    await peer.next();
    peer.send(octetsOf('and out'), at(RELAY_HOST, relayed.port));
    await client.media();

    const [session, ...others] = server.sessions();
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      account: 'guest',
      transport: 'udp',
      client: { address: '127.0.0.1' },
      relayed: [{ address: ADVERTISED_HOST, port: relayed.port }],
      permissions: 1,
      channels: 1,
      packetsFromClient: 1,
      bytesFromClient: 4,
      packetsToClient: 1,
      bytesToClient: 7,
    });
    const createdAtEpochMs = session?.createdAtEpochMs ?? 0;
    const expiresAtEpochMs = session?.expiresAtEpochMs ?? 0;
    expect(Math.abs(Date.now() - createdAtEpochMs)).toBeLessThan(10_000);
    expect(Math.abs(expiresAtEpochMs - createdAtEpochMs - 600_000)).toBeLessThan(10_000);
    expect(JSON.stringify(session)).not.toContain(username);
    expect(JSON.stringify(session)).not.toContain(password);
  });

  test('keep their relay address when the server gets another, and meet those that have that one', async () => {
    const server = await world.start();
    const [alice, bob] = [await world.overUdp(server), await world.overTcp(server, BOB)];
    const here = await alice.allocate();
    expect(() => server.setRelayAddresses([{ local: 'eth0', advertised: '203.0.113.7' }])).toThrow(
      TurnOptionsError,
    );
    server.setRelayAddresses([{ local: RELAY_HOST, advertised: '203.0.113.7' }]);
    const there = await bob.allocate();
    expect(formatIpAddress(there.address)).toBe('203.0.113.7');
    await alice.bind(CHANNEL, there);
    await bob.bind(CHANNEL, here);
    alice.sendOn(CHANNEL, octetsOf('over'));
    expect(await bob.media()).toMatchObject({ text: 'over' });
    bob.sendOn(CHANNEL, octetsOf('and out'));
    expect(await alice.media()).toMatchObject({ text: 'and out' });
    expect(server.sessions().flatMap(({ relayed }) => relayed.map(({ address }) => address))).toEqual([
      ADVERTISED_HOST,
      '203.0.113.7',
    ]);
  });

  test('over TCP begin a little later where the client is heard over UDP too', async () => {
    const server = await world.start({ udpHeadStartMs: 150 });
    const [overUdp, overTcp] = [await world.overUdp(server), await world.overTcp(server, BOB)];
    await overUdp.request(METHOD.binding, []);
    const begin = performance.now();
    const relayed = overTcp.allocate();
    await overUdp.allocate();
    await relayed;
    expect(performance.now() - begin).toBeGreaterThanOrEqual(149);
    expect(server.sessions()).toHaveLength(2);
  });

  test('can be ended one by one: the client hears 437 and may come again', async () => {
    const server = await world.start();
    const [client, other] = [await world.overUdp(server), await world.overTcp(server, BOB)];
    await client.allocate();
    await other.allocate();
    const session = server.sessions().find(({ account }) => account === 'alice');
    expect(server.endSession(session?.id ?? 0)).toBe(true);
    expect(server.endSession(session?.id ?? 0)).toBe(false);
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(437);
    expect((await other.request(TURN_METHOD.refresh)).code).toBe(0);
    expect(server.counters()['allocations_ended_by_operator']).toBe(1);
    await client.allocate();
    expect(server.sessions()).toHaveLength(2);
  });

  test('can be ended account by account', async () => {
    const server = await world.start();
    for (const user of [undefined, undefined, BOB]) await (await world.overUdp(server, user)).allocate();
    expect([server.endSessionsOf('carol'), server.endSessionsOf('alice')]).toEqual([0, 2]);
    expect(server.sessions().map(({ account }) => account)).toEqual(['bob']);
  });
});

describe('events', () => {
  test('tell the life of an allocation, with what it has carried at its end', async () => {
    const server = await world.start();
    const events: TurnEvent[] = [];
    server.subscribe((event) => events.push(event));
    const client = await world.overTcp(server);
    const peer = await world.peer();
    const relayed = await client.allocate();
    await client.permit(peer.address);
    client.sendTo(peer.address, octetsOf('hello'));
    await peer.next();
    await client.request(TURN_METHOD.refresh);
    await client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]);

    expect(events.map(({ kind }) => kind)).toEqual([
      'allocation-created',
      'allocation-refreshed',
      'allocation-ended',
    ]);
    const [created, , ended] = events;
    expect(created?.session).toMatchObject({
      account: 'alice',
      transport: 'tcp',
      client: { address: '127.0.0.1' },
      relayed: [{ address: formatIpAddress(relayed.address), port: relayed.port }],
      bytesFromClient: 0,
    });
    expect(ended).toMatchObject({
      cause: 'deleted',
      session: { id: created?.session.id, packetsFromClient: 1, bytesFromClient: 5, bytesToClient: 0 },
    });
    expect(ended).toHaveProperty('durationMs', expect.any(Number));
  });

  test('go on when a listener throws, and end for one that unsubscribes', async () => {
    const errors: string[] = [];
    const ignore = (): void => undefined;
    const error = (message: string): void => void errors.push(message);
    const server = await world.start({ logger: { error, warn: ignore, info: ignore, debug: ignore } });
    const kinds: string[] = [];
    server.subscribe(() => {
      throw new Error('no room in the ledger');
    });
    const unsubscribe = server.subscribe(({ kind }) => kinds.push(kind));
    const client = await world.overUdp(server);
    await client.allocate();
    unsubscribe();
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
    expect(kinds).toEqual(['allocation-created']);
    expect(errors).toHaveLength(2);
  });

  test('tell of the allocations that end with the server', async () => {
    const server = await world.start();
    const causes: string[] = [];
    server.subscribe((event) => {
      if (event.kind === 'allocation-ended') causes.push(event.cause);
    });
    await (await world.overUdp(server)).allocate();
    await server.stop();
    expect(causes).toEqual(['server-stopped']);
  });
});

describe('rules on peers', () => {
  test('that change stop what flows and leave the rest', async () => {
    const server = await world.start();
    const client = await world.overUdp(server);
    const [first, second] = [await world.peer(), await world.peer()];
    const relayed = await client.allocate();
    await client.bind(CHANNEL, first.address);
    await client.bind(CHANNEL + 1, second.address);
    client.sendOn(CHANNEL, octetsOf('before'));
    await first.next();

    server.setPeerLists({ allow: ['127.0.0.0/8'], deny: [PEER_HOST] });
    client.sendOn(CHANNEL, octetsOf('after'));
    first.send(octetsOf('after'), at(RELAY_HOST, relayed.port));
    await eventually(() => server.counters()['dropped_unbound_channel'] === 1, 'the drop to the peer');
    await eventually(() => server.counters()['dropped_peer_not_permitted'] === 1, 'the drop from the peer');
    expect(server.counters()['routes_withdrawn']).toBe(3);
    expect(await client.permit(first.address)).toBe(403);
    server.setPeerLists({ allow: ['127.0.0.0/8'] });
    expect(await client.permit(first.address)).toBe(0);
  });

  test('that are malformed change nothing', async () => {
    const server = await world.start();
    const client = await world.overUdp(server);
    await client.allocate();
    expect(() => {
      server.setPeerLists({ deny: ['127.0.0.0/8', 'everything'] });
    }).toThrow(TurnOptionsError);
    expect(await client.permit(at(PEER_HOST, 1))).toBe(0);
  });

  test('of the embedder are asked again when it says so', async () => {
    let isOpen = true;
    const server = await world.start({ peerPolicy: () => isOpen });
    const client = await world.overUdp(server);
    await client.allocate();
    expect(await client.permit(at(PEER_HOST, 1))).toBe(0);
    isOpen = false;
    expect([server.recheckPeers(), server.recheckPeers()]).toEqual([1, 0]);
    expect(await client.permit(at(PEER_HOST, 1))).toBe(403);
    expect(await client.permit(at(ADVERTISED_HOST, 1))).toBe(0);
  });
});

describe('credentials', () => {
  test('that change hold for new allocations, and leave living ones their key', async () => {
    const server = await world.start();
    const [client, late] = [await world.overUdp(server), await world.overUdp(server)];
    await client.allocate();
    server.setCredentials({ users: new Map([['bob', 'builder']]) });
    await expect(late.allocate()).rejects.toThrow('401');
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
    expect(await client.permit(at(PEER_HOST, 1))).toBe(0);
    expect(await (await world.overUdp(server, BOB)).allocate()).toMatchObject({ family: 4 });
  });
});
