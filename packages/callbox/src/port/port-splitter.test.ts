import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TurnStream } from '@callbox/turn';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { connectRaw, type RawClient } from '../testing/raw-client.ts';
import { ListenError } from './listen-error.ts';
import { createPortSplitter, type KeyPair, type PortSplitter } from './port-splitter.ts';
import type { PortTimeouts } from './port-timeouts.ts';

/** The header of a STUN message with no attributes (RFC 8489 §5): Allocate, the cookie, a transaction id. */
const allocate = Buffer.from('000300002112a4420102030405060708090a0b0c', 'hex');
const get = 'GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n';
const patience = { timeout: 5_000, interval: 5 };
/** Each deadline is told from the others by being the only short one. */
const long: PortTimeouts = {
  firstByteMs: 30_000,
  handshakeMs: 30_000,
  headersMs: 30_000,
  requestMs: 30_000,
  keepAliveMs: 30_000,
  idleMs: 30_000,
};
/** What ends before that was not ended by a long deadline, however busy the machine. */
const soonMs = 10_000;

let keyPair: KeyPair;
let otherKeyPair: KeyPair;
let splitter: PortSplitter;
let turnStreams: TurnStream[];

beforeAll(async () => {
  const names = { names: ['localhost'], addresses: ['127.0.0.1'] };
  keyPair = await createSelfSigned(names, Date.now());
  otherKeyPair = await createSelfSigned({ names: ['other'], addresses: [] }, Date.now());
});

afterEach(() => splitter.stop());

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    response.end(`${'encrypted' in request.socket ? 'https' : 'http'} ${request.url ?? ''} ${body}`);
  });
}

function acceptUpgrade(_request: IncomingMessage, socket: Duplex): void {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.pipe(socket);
}

async function open(timeouts: Partial<PortTimeouts> = {}, hasTurn = true): Promise<number> {
  turnStreams = [];
  splitter = createPortSplitter({
    onRequest: answer,
    onUpgrade: acceptUpgrade,
    onTurn: hasTurn ? echoTurn : undefined,
    keyPair,
    timeouts: { ...long, ...timeouts },
  });
  await splitter.listen(0, '127.0.0.1');
  return splitter.port;
}

/** Stands for the TURN server: sends back what it gets, so that a test sees that nothing was lost. */
function echoTurn(connection: TurnStream): void {
  turnStreams.push(connection);
  connection.stream.on('data', (chunk: Buffer) => connection.stream.write(chunk));
}

async function connectRawTls(
  port: number,
  alpn?: string[],
): Promise<RawClient & { readonly tls: TLSSocket }> {
  const tls = connectTls({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...(alpn === undefined ? {} : { ALPNProtocols: alpn }),
  });
  tls.on('error', () => {});
  await once(tls, 'secureConnect');
  return { ...(await connectRaw(port, tls)), tls };
}

async function sendByteByByte(client: RawClient, octets: Buffer): Promise<void> {
  client.socket.setNoDelay(true);
  for (const octet of octets) {
    client.socket.write(Uint8Array.of(octet));
    await sleep(1);
  }
}

describe('one port tells protocols apart', () => {
  test('HTTP is answered as HTTP', async () => {
    const client = await connectRaw(await open());
    client.socket.write(get);
    expect(await client.received((text) => text.includes('hello'))).toContain('http /hello');
  });

  test('HTTPS is answered as HTTPS', async () => {
    const client = await connectRawTls(await open());
    client.socket.write(get);
    expect(await client.received((text) => text.includes('hello'))).toContain('https /hello');
  });

  test('a browser that offers HTTP/2 gets HTTP/1.1 by ALPN', async () => {
    const { tls } = await connectRawTls(await open(), ['h2', 'http/1.1']);
    expect(tls.alpnProtocol).toBe('http/1.1');
  });

  test.each([
    ['plain', connectRaw],
    ['encrypted', connectRawTls],
  ])('an upgrade over a %s connection becomes a stream in both directions', async (_how, connectTo) => {
    const client = await connectTo(await open());
    client.socket.write('GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await client.received((text) => text.includes('101 Switching'));
    client.socket.write('over and back');
    expect(await client.received((text) => text.endsWith('over and back'))).toContain('Upgrade: echo');
  });

  test('TURN over TCP is handed on with every byte and the addresses of both ends', async () => {
    const port = await open();
    const client = await connectRaw(port);
    client.socket.write(allocate);
    const text = await client.received(({ length }) => length === allocate.length);
    expect(Buffer.from(text, 'latin1')).toEqual(allocate);
    expect(turnStreams).toMatchObject([
      {
        transport: 'tcp',
        local: { address: '127.0.0.1', port },
        remote: { address: '127.0.0.1', port: client.socket.localPort },
      },
    ]);
  });

  test.each([[undefined], [['stun.turn']]])('TURN over TLS is handed on, ALPN %s', async (alpn) => {
    const client = await connectRawTls(await open(), alpn);
    client.socket.write(allocate);
    await client.received(({ length }) => length === allocate.length);
    expect(turnStreams.map(({ transport }) => transport)).toEqual(['tls']);
  });

  test('a client on a socket for both families is told as IPv4', async () => {
    const port = await open();
    await splitter.stop();
    await splitter.listen(port, '::');
    const client = await connectRaw(port);
    client.socket.write(allocate);
    await client.received(({ length }) => length === allocate.length);
    expect(turnStreams[0]?.remote.address).toBe('127.0.0.1');
  });

  test('requests on one connection follow each other', async () => {
    const client = await connectRaw(await open());
    client.socket.write(get);
    await client.received((text) => text.includes('/hello'));
    client.socket.write(get.replace('hello', 'again'));
    expect(await client.received((text) => text.includes('/again'))).toContain('http /hello');
  });

  test.each([
    ['HTTP', get, connectRaw],
    ['HTTP within TLS', get, connectRawTls],
    ['TURN', allocate, connectRaw],
    ['TURN within TLS', allocate, connectRawTls],
  ])('%s that comes byte by byte is understood', async (_what, message, connectTo) => {
    const client = await connectTo(await open());
    await sendByteByByte(client, Buffer.from(message));
    const text = await client.received(({ length }) => length >= allocate.length);
    expect(text.startsWith('HTTP/1.1 200') || text === allocate.toString('latin1')).toBe(true);
  });

  test('a TLS handshake that comes byte by byte is understood', async () => {
    const client = await connectRaw(await open());
    await sendByteByByte(client, await recordClientHello());
    const text = await client.received(({ length }) => length > 5);
    // The server's handshake record comes back, not an alert (21).
    expect(text.charCodeAt(0)).toBe(0x16);
  });

  test.each([
    ['garbage', Buffer.from('80818283', 'hex')],
    ['a line break', Buffer.from('\r\n')],
    ['ChannelData before any allocation', Buffer.from('4000000400000000', 'hex')],
    ['TLS that is none', Buffer.from('1601020304050607', 'hex')],
  ])('%s ends the connection', async (_what, octets) => {
    const client = await connectRaw(await open());
    client.socket.write(octets);
    await client.closed();
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test.each([
    ['garbage', Buffer.from('80818283', 'hex')],
    ['a second TLS handshake', Buffer.from('1603010005', 'hex')],
  ])('%s within TLS ends the connection', async (_what, octets) => {
    const client = await connectRawTls(await open());
    client.socket.write(octets);
    await client.closed();
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('without a relay, TURN ends the connection', async () => {
    const client = await connectRaw(await open({}, false));
    client.socket.write(allocate);
    await client.closed();
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });
});

/** The first flight of a TLS client, heard by a server that does not answer. */
async function recordClientHello(): Promise<Buffer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const tls = connectTls({ port: address.port, host: '127.0.0.1' });
  tls.on('error', () => {});
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(accepted, 'data')) as [Buffer];
  accepted.destroy();
  server.close();
  return hello;
}

describe('every deadline is kept by the port itself', () => {
  test('a client that says nothing is cut off', async () => {
    const client = await connectRaw(await open({ firstByteMs: 100 }));
    expect(await client.closed()).toBeGreaterThan(90);
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('a client that says nothing within TLS is cut off', async () => {
    const client = await connectRawTls(await open({ firstByteMs: 300 }));
    expect(await client.closed()).toBeGreaterThan(290);
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test.each(['all at once', 'in a trickle'])('half a TLS handshake, %s, is cut off', async (how) => {
    const client = await connectRaw(await open({ handshakeMs: 200 }));
    const hello = await recordClientHello();
    if (how === 'all at once') client.socket.write(hello.subarray(0, 40));
    else void trickle(client, hello);
    expect(await client.closed()).toBeLessThan(soonMs);
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test.each([
    ['plain', connectRaw],
    ['encrypted', connectRawTls],
  ])('headers that trickle over a %s connection are cut off', async (_how, connectTo) => {
    const client = await connectTo(await open({ headersMs: 200 }));
    client.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ');
    void trickle(client, Buffer.alloc(10_000, 'x'));
    expect(await client.closed()).toBeLessThan(soonMs);
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('headers of a later request that trickle are cut off', async () => {
    const client = await connectRaw(await open({ headersMs: 200, keepAliveMs: 100 }));
    client.socket.write(get);
    await client.received((text) => text.includes('/hello'));
    client.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ');
    void trickle(client, Buffer.alloc(10_000, 'x'));
    expect(await client.closed()).toBeLessThan(soonMs);
  });

  test('a body that trickles is cut off', async () => {
    const client = await connectRaw(await open({ requestMs: 200 }));
    client.socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n');
    void trickle(client, Buffer.alloc(10_000, 'x'));
    expect(await client.closed()).toBeLessThan(soonMs);
  });

  test('a body that comes in time is read although the answer takes longer', async () => {
    const port = await open({ requestMs: 100, headersMs: 100 });
    const client = await connectRaw(port);
    client.socket.write('POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody');
    expect(await client.received((text) => text.includes('/slow'))).toContain('http /slow body');
  });

  test('a connection at rest after a request is closed', async () => {
    const client = await connectRaw(await open({ keepAliveMs: 100 }));
    client.socket.write(get);
    await client.received((text) => text.includes('/hello'));
    expect(await client.closed()).toBeLessThan(soonMs);
  });

  test('a client that stops reading is cut off', async () => {
    const big = Buffer.alloc(64_000_000);
    turnStreams = [];
    splitter = createPortSplitter({
      onRequest: (_request, response) => response.end(big),
      onUpgrade: acceptUpgrade,
      onTurn: undefined,
      keyPair,
      timeouts: { ...long, idleMs: 200 },
    });
    await splitter.listen(0, '127.0.0.1');
    const client = await connectRaw(splitter.port);
    client.socket.pause();
    client.socket.write(get);
    await expect.poll(() => splitter.connectionCount, patience).toBe(1);
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('an upgraded connection has no deadline here', async () => {
    const client = await connectRaw(
      await open({ headersMs: 50, keepAliveMs: 50, requestMs: 50, firstByteMs: 50 }),
    );
    client.socket.write('GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await client.received((text) => text.includes('101 Switching'));
    await sleep(300);
    client.socket.write('still here');
    expect(await client.received((text) => text.endsWith('still here'))).toContain('101');
  });

  test('a TURN connection has no deadline here', async () => {
    const client = await connectRaw(await open({ headersMs: 50, firstByteMs: 50, idleMs: 50 }));
    client.socket.write(allocate);
    await client.received(({ length }) => length === allocate.length);
    await sleep(300);
    client.socket.write(allocate);
    await client.received(({ length }) => length === 2 * allocate.length);
    expect(splitter.connectionCount).toBe(1);
  });
});

/** Sends a byte every few milliseconds for as long as the other side lets us. */
async function trickle(client: RawClient, octets: Buffer): Promise<void> {
  for (const octet of octets) {
    if (client.socket.destroyed) return;
    client.socket.write(Uint8Array.of(octet));
    await sleep(20);
  }
}

describe('connections are owned', () => {
  test('a client that leaves without a word leaves nothing behind', async () => {
    const port = await open();
    const clients = await Promise.all(Array.from({ length: 20 }, () => connectRaw(port)));
    await expect.poll(() => splitter.connectionCount, patience).toBe(20);
    clients.forEach(({ socket }, index) => {
      if (index % 2 === 0) socket.end();
      else socket.resetAndDestroy();
    });
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('stopping ends connections in every state at once', async () => {
    const port = await open();
    const [silent, halfTls, halfHttp, secure, turn] = await Promise.all([
      connectRaw(port),
      connectRaw(port),
      connectRaw(port),
      connectRawTls(port),
      connectRaw(port),
    ]);
    halfTls.socket.write(Buffer.from('160301', 'hex'));
    halfHttp.socket.write('GET / HT');
    turn.socket.write(allocate);
    await turn.received(({ length }) => length === allocate.length);
    await expect.poll(() => splitter.connectionCount, patience).toBe(5);
    const startedAt = performance.now();
    await splitter.stop();
    await Promise.all([silent, halfTls, halfHttp, secure, turn].map((client) => client.closed()));
    expect(performance.now() - startedAt).toBeLessThan(soonMs);
    expect(splitter.connectionCount).toBe(0);
  });

  test('a port in use is refused with the port and the reason', async () => {
    const port = await open();
    const second = createPortSplitter({
      onRequest: answer,
      onUpgrade: acceptUpgrade,
      onTurn: undefined,
      keyPair,
    });
    const error: unknown = await second.listen(port, '127.0.0.1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ port, reason: 'EADDRINUSE' });
    await second.stop();
  });
});

test('another certificate serves new connections and leaves the old ones alone', async () => {
  const port = await open();
  const before = await connectRawTls(port);
  splitter.setKeyPair(otherKeyPair);
  const after = await connectRawTls(port);
  expect(before.tls.getPeerCertificate().subjectaltname).toContain('DNS:localhost');
  expect(after.tls.getPeerCertificate().subjectaltname).toContain('DNS:other');
  before.socket.write(get);
  expect(await before.received((text) => text.includes('/hello'))).toContain('https');
});

test('a client that trusts the certificate is satisfied by its names', async () => {
  const port = await open();
  const request = httpsRequest({ port, host: '127.0.0.1', ca: keyPair.cert, path: '/trusted' });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
});
