import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { evenPort } from '../codec/even-port.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { at } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { octetsOf } from '../testing/media.ts';
import { attribute } from '../testing/request.ts';
import { ALICE, BOB, portOf } from '../testing/server-world.ts';
import { TurnClient } from '../testing/turn-client.ts';
import { UdpEndpoint } from '../testing/udp-endpoint.ts';
import { ListenError } from '../transport/listen-error.ts';
import { createTurnServer } from './turn-server.ts';
import type { TurnServer, TurnServerOptions } from './turn-server-options.ts';

const SERVER = '127.0.0.1';
/** Exists nowhere: no packet can come back from it. */
const ADVERTISED = '203.0.113.9';
const PEER = '127.0.0.2';
const CHANNEL = 0x4000;

const OPTIONS: TurnServerOptions = {
  realm: 'callbox.test',
  users: new Map([
    ['alice', 'wonderland'],
    ['bob', 'builder'],
  ]),
  sharedSecrets: ['between us'],
  listeners: [
    { transport: 'udp', address: SERVER, port: 0 },
    { transport: 'tcp', address: SERVER, port: 0 },
  ],
  relayAddresses: [{ local: '127.0.0.3', advertised: ADVERTISED }],
  relayPorts: { min: 22_500, max: 22_999 },
  allowPeers: ['127.0.0.0/8'],
};

const leftovers: { close: () => Promise<unknown> }[] = [];
const keep = <T extends { close: () => Promise<unknown> }>(thing: T): T => {
  leftovers.push(thing);
  return thing;
};

afterEach(async () => {
  await Promise.all(leftovers.splice(0).map((thing) => thing.close()));
});

async function started(options: Partial<TurnServerOptions> = {}): Promise<TurnServer> {
  const server = createTurnServer({ ...OPTIONS, ...options });
  leftovers.push({ close: () => server.stop() });
  await server.start();
  return server;
}

const clients = {
  udp: async (server: TurnServer, user = ALICE): Promise<TurnClient> =>
    keep(await TurnClient.overUdp(at(SERVER, portOf(server, 'udp')), user)),
  tcp: async (server: TurnServer, user = ALICE): Promise<TurnClient> =>
    keep(await TurnClient.overTcp(at(SERVER, portOf(server, 'tcp')), user)),
  /** A connection that a program has accepted and decrypted itself. */
  tls: async (server: TurnServer, user = ALICE): Promise<TurnClient> => {
    const program = createServer((socket) => {
      const { remoteAddress = '', remotePort = 0 } = socket;
      const local = { address: SERVER, port: 443 };
      const remote = { address: `::ffff:${remoteAddress}`, port: remotePort };
      server.acceptStream({ stream: socket, transport: 'tls', remote, local });
    });
    program.listen(0, SERVER);
    await once(program, 'listening');
    const address = program.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    const client = keep(await TurnClient.overTcp(at(SERVER, address.port), user));
    program.close();
    return client;
  },
};

const openPeer = async (): Promise<UdpEndpoint> => keep(await UdpEndpoint.open(PEER));

async function connectTo(server: TurnServer): Promise<Socket> {
  const socket = connect(portOf(server, 'tcp'), SERVER);
  leftovers.push({
    close: () => {
      socket.destroy();
      return Promise.resolve();
    },
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe.each(['udp', 'tcp', 'tls'] as const)('a client over %s', (transport) => {
  test('reaches a peer with Send, is reached by Data, and both are counted', async () => {
    const server = await started();
    const client = await clients[transport](server);
    const peer = await openPeer();
    const relayed = await client.allocate();
    expect(relayed).toMatchObject({ family: 4, address: at(ADVERTISED, 0).address });
    expect(await client.permit(peer.address)).toBe(0);

    client.sendTo(peer.address, octetsOf('over'));
    const received = await peer.next();
    expect(received).toEqual({ octets: octetsOf('over'), from: at('127.0.0.3', relayed.port) });
    peer.send(octetsOf('and out'), received.from);
    expect(await client.media()).toEqual({ kind: 'data', peer: peer.address, text: 'and out' });

    expect(server.counters()).toMatchObject({
      [`packets_from_clients_${transport}`]: 1,
      [`packets_to_clients_${transport}`]: 1,
      [`bytes_from_clients_${transport}`]: 4,
      [`bytes_to_clients_${transport}`]: 7,
    });
  });

  test('reaches a peer over a channel and is reached over it', async () => {
    const server = await started();
    const client = await clients[transport](server);
    const peer = await openPeer();
    const relayed = await client.allocate();
    expect(await client.bind(CHANNEL, peer.address)).toBe(0);
    for (const text of ['one', 'two!', 'three']) {
      client.sendOn(CHANNEL, octetsOf(text));
      expect((await peer.next()).octets).toEqual(octetsOf(text));
      peer.send(octetsOf(text), at('127.0.0.3', relayed.port));
      expect(await client.media()).toMatchObject({ kind: 'channel', channel: CHANNEL, text });
    }
  });

  test('meets a client over UDP inside, by an address that nobody has, without a socket', async () => {
    const server = await started();
    const alice = await clients[transport](server);
    const bob = await clients.udp(server, BOB);
    const [toAlice, toBob] = [await alice.allocate(), await bob.allocate()];
    expect([await alice.permit(toBob), await bob.bind(CHANNEL, toAlice)]).toEqual([0, 0]);
    alice.sendTo(toBob, octetsOf('hello'));
    expect(await bob.media()).toMatchObject({ kind: 'channel', text: 'hello' });
    bob.sendOn(CHANNEL, octetsOf('hi'));
    expect(await alice.media()).toEqual({ kind: 'data', peer: toBob, text: 'hi' });
    expect(server.gauges().relay_sockets).toBe(0);
    expect(server.counters()['packets_joined']).toBe(2);
  });
});

describe('the server', () => {
  test('opens no socket for a mesh of allocations that are never used', async () => {
    const server = await started();
    const many = await Promise.all(Array.from({ length: 90 }, () => clients.udp(server)));
    const relayed = await Promise.all(many.map((client) => client.allocate()));
    expect(new Set(relayed.map(({ port }) => port)).size).toBe(90);
    expect(server.gauges()).toMatchObject({ allocations: 90, relay_sockets: 0, streams: 0 });
  });

  test('forgets what a client gives back', async () => {
    const server = await started();
    const client = await clients.udp(server);
    await client.allocate([attribute(evenPort, { reserveNext: false })]);
    await client.permit(at(PEER, 9));
    expect(server.gauges()).toMatchObject({ allocations: 1, relay_sockets: 1 });
    expect((await client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)])).code).toBe(0);
    expect(server.gauges()).toMatchObject({ allocations: 0, relay_sockets: 0 });
    expect(server.counters()['allocations_deleted']).toBe(1);
  });

  test('forgets a client whose connection is closed', async () => {
    const server = await started();
    const client = await clients.tcp(server);
    await client.allocate();
    await client.close();
    await eventually(() => server.gauges().allocations === 0 && server.gauges().streams === 0);
    expect(server.counters()).toMatchObject({ allocations_client_gone: 1, streams_closed_by_client: 1 });
  });

  test('ends allocations in time', async () => {
    const lifetimes = { defaultAllocationSeconds: 1, maxAllocationSeconds: 1 };
    const server = await started({ lifetimes });
    await (await clients.udp(server)).allocate();
    expect(server.gauges().allocations).toBe(1);
    await eventually(() => server.gauges().allocations === 0, 'the end');
    expect(server.counters()['allocations_expired']).toBe(1);
  });

  test('accepts credentials made from a shared secret', async () => {
    const server = await started();
    const username = `${Math.floor(Date.now() / 1000) + 60}:guest`;
    const guest = { username, password: timeLimitedPassword('between us', username) };
    expect(await (await clients.udp(server, guest)).allocate()).toMatchObject({ family: 4 });
    const late = `${Math.floor(Date.now() / 1000) - 1}:guest`;
    const expired = { username: late, password: timeLimitedPassword('between us', late) };
    await expect((await clients.udp(server, expired)).allocate()).rejects.toThrow('401');
  });

  test('denies peers on this machine unless they are allowed', async () => {
    const server = await started({ allowPeers: [] });
    const client = await clients.udp(server);
    await client.allocate();
    expect(await client.permit(at(PEER, 1))).toBe(403);
    expect(await client.permit(at('8.8.8.8', 1))).toBe(0);
  });

  test('is never its own peer: its ports are refused to channels and dropped for Send', async () => {
    const server = await started({ servicePorts: [22_001] });
    const client = await clients.udp(server);
    await client.allocate();
    expect(await client.bind(CHANNEL, at(SERVER, portOf(server, 'udp')))).toBe(403);
    expect(await client.bind(CHANNEL, at(PEER, 22_001))).toBe(403);
    expect(await client.permit(at(SERVER, 1))).toBe(0);
    client.sendTo(at(SERVER, portOf(server, 'udp')), octetsOf('loop'));
    await eventually(() => server.counters()['dropped_own_port'] === 1);
  });

  test('without an IPv6 relay address refuses that family', async () => {
    const client = await clients.udp(await started());
    await expect(client.allocate([attribute(requestedAddressFamily, 6)])).rejects.toThrow('440');
  });

  test('serves clients on IPv6 with IPv4 relays', async () => {
    const server = await started({ listeners: [{ transport: 'udp', address: '::1', port: 0 }] });
    const client = keep(await TurnClient.overUdp(at('::1', portOf(server, 'udp')), ALICE));
    expect(await client.allocate()).toMatchObject({ family: 4 });
  });

  test('does nothing without relay addresses but tell clients who they are', async () => {
    const server = await started({ relayAddresses: [] });
    await expect((await clients.udp(server)).allocate()).rejects.toThrow('440');
  });
});

describe('nonces', () => {
  const nonceKey = new Uint8Array(16).fill(1);

  const allocateTwice = async (keys: readonly (Uint8Array | undefined)[]): Promise<readonly number[]> => {
    const codes: number[] = [];
    let port = 0;
    let nonce: string | undefined;
    for (const key of keys) {
      const server = await started(key === undefined ? {} : { nonceKey: key });
      const endpoint = await UdpEndpoint.open(SERVER, port);
      ({ port } = endpoint.address);
      await endpoint.close();
      const client = await TurnClient.overUdp(at(SERVER, portOf(server, 'udp')), ALICE, port);
      if (nonce !== undefined) client.useNonce('callbox.test', nonce);
      codes.push((await client.request(TURN_METHOD.refresh)).code);
      ({ nonce } = client);
      await client.close();
      await server.stop();
    }
    return codes;
  };

  test('outlive a restart that keeps the key', async () => {
    expect(await allocateTwice([nonceKey, nonceKey])).toEqual([437, 437]);
  });

  test('do not outlive a restart with another key', async () => {
    expect(await allocateTwice([undefined, undefined])).toEqual([437, 438]);
  });
});

describe('connections', () => {
  test('that say nothing are closed', async () => {
    const server = await started({ limits: { streamMessageTimeoutMs: 100 } });
    const socket = await connectTo(server);
    await once(socket, 'close');
    expect(server.counters()['streams_message_timeout']).toBe(1);
    expect(server.gauges().streams).toBe(0);
  });

  test('that speak something else are closed at once', async () => {
    const server = await started();
    const socket = await connectTo(server);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(server.counters()['streams_not_a_message']).toBe(1);
  });

  test('that are never read lose media and cost a bounded queue', async () => {
    const limits = { streamMaxQueuedBytes: 100_000 };
    const server = await started({ limits });
    const client = await clients.tcp(server);
    const relayed = await client.allocate();
    const peer = await openPeer();
    expect(await client.bind(CHANNEL, peer.address)).toBe(0);
    client.pause();
    const payload = new Uint8Array(1400);
    await eventually(() => {
      for (let count = 0; count < 50; count += 1) peer.send(payload, at('127.0.0.3', relayed.port));
      return (server.counters()['dropped_queue_full'] ?? 0) > 100;
    }, 'a full queue');
    client.resume();
    expect(await client.media()).toMatchObject({ kind: 'channel' });
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
  });

  test('handed in before the start or after the end are closed', async () => {
    const server = createTurnServer(OPTIONS);
    const program = createServer((socket) => {
      const address = { address: SERVER, port: 1 };
      server.acceptStream({ stream: socket, transport: 'tcp', remote: address, local: address });
    });
    program.listen(0, SERVER);
    await once(program, 'listening');
    leftovers.push({ close: () => new Promise((resolve) => void program.close(resolve)) });
    const address = program.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const closed = async (): Promise<void> => {
      const socket = connect(port, SERVER);
      socket.on('error', () => undefined);
      await once(socket, 'close');
    };
    await closed();
    await server.start();
    await server.stop();
    await closed();
    expect(server.gauges().streams).toBe(0);
  });
});

describe('the life of a server', () => {
  test('ends with everything closed and counted, twice as well as once', async () => {
    const server = await started();
    const ports = { udp: portOf(server, 'udp'), tcp: portOf(server, 'tcp') };
    const overUdp = await clients.udp(server);
    const relayed = await overUdp.allocate();
    await overUdp.permit(at(PEER, 1));
    await (await clients.tcp(server)).allocate();
    const silent = await connectTo(server);

    await Promise.all([server.stop(), once(silent, 'close')]);
    await server.stop();

    expect(server.gauges()).toMatchObject({ allocations: 0, relay_sockets: 0, streams: 0 });
    expect(server.counters()).toMatchObject({ allocations_server_stopped: 2, streams_server_stopped: 2 });
    keep(await UdpEndpoint.open(SERVER, ports.udp));
    keep(await UdpEndpoint.open('127.0.0.3', relayed.port));
    const again = createServer().listen(ports.tcp, SERVER);
    await once(again, 'listening');
    again.close();
  });

  test('begins once', async () => {
    const server = await started();
    await expect(server.start()).rejects.toThrow('starts once');
    const never = createTurnServer(OPTIONS);
    await never.stop();
    await expect(never.start()).rejects.toThrow('does not start again');
  });

  test('may end while it begins, and leaves nothing bound', async () => {
    const server = createTurnServer(OPTIONS);
    await Promise.all([server.start(), server.stop()]);
    const [udp, tcp] = server.listeners();
    expect([udp?.transport, tcp?.transport]).toEqual(['udp', 'tcp']);
    keep(await UdpEndpoint.open(SERVER, udp?.port));
    const again = createServer().listen(tcp?.port, SERVER);
    await once(again, 'listening');
    again.close();
  });

  test.each(['udp', 'tcp'] as const)(
    'does not begin when a %s port is taken, and says which',
    async (transport) => {
      const blocker = await started();
      const port = portOf(blocker, transport);
      const free = await UdpEndpoint.open(SERVER);
      await free.close();
      const server = createTurnServer({
        ...OPTIONS,
        listeners: [
          { transport: 'udp', address: SERVER, port: free.address.port },
          { transport, address: SERVER, port },
        ],
      });
      const error: unknown = await server.start().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ListenError);
      expect(error).toMatchObject({ code: 'EADDRINUSE', transport, address: SERVER, port });
      expect(error).toHaveProperty(
        'message',
        `cannot listen on ${transport} ${SERVER} port ${port}: EADDRINUSE`,
      );
      expect(error).toHaveProperty('cause');
      keep(await UdpEndpoint.open(SERVER, free.address.port));
    },
  );

  test('binds UDP to each address of the machine when told to listen on all of them', async () => {
    const server = await started({ listeners: [{ transport: 'udp', address: '0.0.0.0', port: 0 }] });
    const bound = server.listeners();
    expect(bound.map(({ address }) => address)).toContain(SERVER);
    expect(bound.map(({ address }) => address)).not.toContain('0.0.0.0');
    expect(new Set(bound.map(({ port }) => port)).size).toBe(1);
    expect((await (await clients.udp(server)).allocate()).family).toBe(4);
  });
});
