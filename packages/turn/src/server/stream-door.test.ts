import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { encodeMessage, METHOD } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { ONE, TWO } from '../testing/key-pairs.ts';
import { octetsOf } from '../testing/media.ts';
import { TurnClient } from '../testing/turn-client.ts';
import { UdpEndpoint } from '../testing/udp-endpoint.ts';
import { createTurnServer } from './turn-server.ts';
import type { TurnServer, TurnServerOptions } from './turn-server-options.ts';

const SERVER = '127.0.0.1';
const PEER = '127.0.0.2';
const ALICE = { username: 'alice', password: 'wonderland' };
const OPTIONS: TurnServerOptions = {
  realm: 'callbox.test',
  users: new Map([['alice', 'wonderland']]),
  listeners: [{ transport: 'tcp', address: SERVER, port: 0 }],
  relayAddresses: [{ local: '127.0.0.3', advertised: '127.0.0.3' }],
  relayPorts: { min: 23_000, max: 23_099 },
  allowPeers: ['127.0.0.0/8'],
};
const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12),
  attributes: [],
});

const leftovers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of leftovers.splice(0)) await close();
});

async function started(options: Partial<TurnServerOptions> = {}): Promise<TurnServer> {
  const server = createTurnServer({ ...OPTIONS, ...options });
  leftovers.push(() => server.stop());
  await server.start();
  return server;
}

function portOf(server: TurnServer): number {
  return server.listeners()[0]?.port ?? 0;
}

async function plainSocket(server: TurnServer, localAddress = SERVER): Promise<Socket> {
  const socket = connect({ port: portOf(server), host: SERVER, localAddress });
  leftovers.push(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function secureSocket(server: TurnServer, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port: portOf(server), host: SERVER, rejectUnauthorized: false, ...options });
  leftovers.push(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

function nameOf(socket: TLSSocket): unknown {
  return socket.getPeerCertificate().subject.CN;
}

async function isClosed(socket: Socket): Promise<void> {
  await eventually(() => socket.closed || socket.readyState === 'closed', 'the end of the connection');
}

const listening = (transport: 'tcp' | 'tls'): Partial<TurnServerOptions> => ({
  listeners: [{ transport, address: SERVER, port: 0 }],
});

describe.each(['tcp', 'tls'] as const)('a %s port of a server with a key pair', (transport) => {
  test('serves a call over TLS', async () => {
    const server = await started({ ...listening(transport), keyPair: ONE });
    const client = await TurnClient.overTls(at(SERVER, portOf(server)), ALICE);
    leftovers.push(() => client.close());
    const peer = await UdpEndpoint.open(PEER);
    leftovers.push(() => peer.close());
    const relayed = await client.allocate();
    expect(await client.bind(0x4000, peer.address)).toBe(0);
    for (const text of ['hello', 'a longer one', 'x'.repeat(60_000)]) {
      client.sendOn(0x4000, octetsOf(text));
      expect((await peer.next()).octets).toEqual(octetsOf(text));
      peer.send(octetsOf(text), relayed);
      expect(await client.media()).toMatchObject({ kind: 'channel', text });
    }
    expect(server.counters()).toMatchObject({ packets_from_clients_tls: 3, packets_to_clients_tls: 3 });
    await client.close();
    await eventually(() => server.gauges().streams === 0 && server.gauges().allocations === 0);
  });

  test('changes its certificate for those who come, and drops nobody', async () => {
    const server = await started({ ...listening(transport), keyPair: ONE });
    const before = await secureSocket(server);
    before.write(BINDING);
    await once(before, 'data');
    server.setKeyPair(TWO);
    const after = await secureSocket(server);
    expect([nameOf(before), nameOf(after)]).toEqual(['one.callbox.test', 'two.callbox.test']);
    for (const socket of [before, after]) {
      socket.write(BINDING);
      await once(socket, 'data');
    }
    expect(() => {
      server.setKeyPair({ cert: ONE.cert, key: 'no key' });
    }).toThrow(expect.objectContaining({ name: 'TurnOptionsError', code: 'INVALID_KEY_PAIR' }));
    expect(nameOf(await secureSocket(server))).toBe('two.callbox.test');
  });

  test('lets a client say that it speaks TURN, or nothing', async () => {
    const server = await started({ ...listening(transport), keyPair: ONE });
    expect((await secureSocket(server, { ALPNProtocols: ['h3', 'stun.turn'] })).alpnProtocol).toBe(
      'stun.turn',
    );
    expect((await secureSocket(server)).alpnProtocol).toBe(false);
  });

  test('speaks TLS 1.2 and 1.3 with modern ciphers, and nothing older', async () => {
    const server = await started({ ...listening(transport), keyPair: ONE });
    expect((await secureSocket(server, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
    expect((await secureSocket(server)).getProtocol()).toBe('TLSv1.3');
    const weak: readonly ConnectionOptions[] = [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
    ];
    for (const options of weak) await expect(secureSocket(server, options)).rejects.toThrow(/./u);
    await eventually(() => server.gauges().streams === 2);
  });

  test('gives up on a handshake that does not end, and on one that is no handshake', async () => {
    const limits = { streamMessageTimeoutMs: 300 };
    const server = await started({ ...listening(transport), keyPair: ONE, limits });
    const slow = await plainSocket(server);
    slow.write(Uint8Array.of(22, 3, 1, 1, 0));
    const rubbish = await plainSocket(server);
    rubbish.write(Uint8Array.of(22, 3, 1, 0, 5, 9, 9, 9, 9, 9));
    rubbish.resume();
    await isClosed(rubbish);
    slow.resume();
    await isClosed(slow);
    expect(server.counters()).toMatchObject({ streams_message_timeout: 1, streams_closed_by_client: 1 });
    expect(server.gauges().streams).toBe(0);
  });

  test('closes everything with the server, handshake done or not', async () => {
    const server = await started({ ...listening(transport), keyPair: ONE });
    const sockets = [await plainSocket(server), await plainSocket(server), await secureSocket(server)];
    sockets[1]?.write(Uint8Array.of(22, 3));
    for (const socket of sockets) socket.resume();
    await server.stop();
    for (const socket of sockets) await isClosed(socket);
    expect(server.gauges().streams).toBe(0);
  });
});

describe('a port that speaks both', () => {
  test('serves plain clients beside those on TLS', async () => {
    const server = await started({ keyPair: ONE });
    const plain = await TurnClient.overTcp(at(SERVER, portOf(server)), ALICE);
    const secure = await TurnClient.overTls(at(SERVER, portOf(server)), ALICE);
    leftovers.push(
      () => plain.close(),
      () => secure.close(),
    );
    const [toPlain, toSecure] = [await plain.allocate(), await secure.allocate()];
    expect([await plain.permit(toSecure), await secure.permit(toPlain)]).toEqual([0, 0]);
    plain.sendTo(toSecure, octetsOf('hello'));
    expect(await secure.media()).toMatchObject({ text: 'hello' });
    secure.sendTo(toPlain, octetsOf('hi'));
    expect(await plain.media()).toMatchObject({ text: 'hi' });
  });

  test('waits for the first octet only so long', async () => {
    const server = await started({ keyPair: ONE, limits: { streamMessageTimeoutMs: 200 } });
    const silent = await plainSocket(server);
    silent.resume();
    await isClosed(silent);
    expect(server.gauges().streams).toBe(0);
  });

  test('takes a first message that comes octet by octet', async () => {
    const server = await started({ keyPair: ONE });
    const socket = await plainSocket(server);
    socket.setNoDelay(true);
    for (const octet of BINDING) {
      socket.write(Uint8Array.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.readUInt16BE(0)).toBe(0x0101);
  });

  test('begins to speak TLS when the server gets a key pair', async () => {
    const server = await started();
    const early = await plainSocket(server);
    early.write(Uint8Array.of(22, 3, 1, 0, 5, 1, 0, 0, 1, 0));
    early.resume();
    await isClosed(early);
    server.setKeyPair(ONE);
    expect(nameOf(await secureSocket(server))).toBe('one.callbox.test');
  });
});

describe('a port that speaks TLS alone', () => {
  test('does not answer plain messages', async () => {
    const server = await started({ ...listening('tls'), keyPair: ONE });
    const socket = await plainSocket(server);
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    socket.write(BINDING);
    await isClosed(socket);
    expect(Buffer.concat(received).subarray(0, 2)).not.toEqual(Buffer.from([1, 1]));
    expect(server.counters()['success_binding']).toBe(0);
  });

  test('needs a key pair, and one that can be used', () => {
    const options = { ...OPTIONS, ...listening('tls') };
    const refusal = expect.objectContaining({ name: 'TurnOptionsError', code: 'INVALID_KEY_PAIR' });
    expect(() => createTurnServer(options)).toThrow(refusal);
    expect(() => createTurnServer({ ...options, keyPair: { cert: ONE.cert, key: TWO.key } })).toThrow(
      refusal,
    );
    expect(() => createTurnServer({ ...options, keyPair: ONE })).not.toThrow();
  });
});

describe('connections', () => {
  test('of one address are limited, those of others are not, and who leaves makes room', async () => {
    const server = await started({ limits: { connectionsPerSource: 2 } });
    const first = await plainSocket(server, '127.0.0.5');
    await plainSocket(server, '127.0.0.5');
    const tooMany = await plainSocket(server, '127.0.0.5');
    tooMany.resume();
    await isClosed(tooMany);
    await plainSocket(server, '127.0.0.6');
    await eventually(() => server.gauges().streams === 3);
    expect(server.counters()).toMatchObject({ streams_accepted: 3, streams_refused: 1 });
    first.destroy();
    await eventually(() => server.gauges().streams === 2);
    await plainSocket(server, '127.0.0.5');
    await eventually(() => server.gauges().streams === 3);
  });

  test('are limited in all, also before they have said anything and when they are handed in', async () => {
    const server = await started({ keyPair: ONE, limits: { connectionsTotal: 2 } });
    await plainSocket(server, '127.0.0.5');
    const handedIn = await plainSocket(await started());
    server.acceptStream({
      stream: handedIn,
      transport: 'tls',
      remote: { address: '192.0.2.1', port: 1 },
      local: { address: SERVER, port: 443 },
    });
    expect(server.gauges().streams).toBe(1);
    const tooMany = await plainSocket(server, '127.0.0.6');
    tooMany.resume();
    await isClosed(tooMany);
    expect(server.counters()).toMatchObject({ streams_refused: 1 });
    handedIn.destroy();
    await eventually(() => server.gauges().streams === 0);
    const welcome = await plainSocket(server, '127.0.0.6');
    welcome.write(BINDING);
    await once(welcome, 'data');
  });

  test('that come and go again and again leave nothing behind, no allocation either', async () => {
    const server = await started({ limits: { connectionsPerSource: 3, allocationsPerUser: 2 } });
    for (let round = 0; round < 30; round += 1) {
      const client = await TurnClient.overTcp(at(SERVER, portOf(server)), ALICE);
      await client.allocate();
      await client.close();
    }
    await eventually(() => server.gauges().streams === 0 && server.gauges().allocations === 0);
    expect(server.counters()).toMatchObject({ allocations_created: 30, streams_refused: 0, error_486: 0 });
  });
});
