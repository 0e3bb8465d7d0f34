import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TurnStream } from '@callbox/turn';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createAddressSet } from '../network/address-set.ts';
import { connectRaw, type RawClient } from '../testing/raw-client.ts';
import {
  createPortSplitter,
  type KeyPair,
  type PortSplitter,
  type PortSplitterOptions,
} from './port-splitter.ts';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const allocate = Buffer.from('000300002112a4420102030405060708090a0b0c', 'hex');
const line = 'PROXY TCP4 203.0.113.9 192.0.2.1 55000 443\r\n';
const binary = Buffer.from('0d0a0d0a000d0a515549540a2111000ccb007109c0000201d6d801bb', 'hex');
const loopback = createAddressSet(['127.0.0.0/8']);
const patience = { timeout: 5_000, interval: 5 };

let keyPair: KeyPair;
let splitter: PortSplitter;
let turnStreams: TurnStream[] = [];

beforeAll(async () => {
  keyPair = await createSelfSigned({ names: ['localhost'], addresses: [] }, Date.now());
});
afterEach(() => splitter.stop());

/** A port whose HTTP server answers with the address that it sees, and whose relay keeps what it is given. */
async function open(options: Partial<PortSplitterOptions> = {}): Promise<number> {
  turnStreams = [];
  splitter = createPortSplitter({
    onRequest: ({ socket }, response) => response.end(`${socket.remoteAddress} ${socket.remotePort} seen`),
    onUpgrade: (_request, socket) => void socket.destroy(),
    onTurn: (stream) => void turnStreams.push(stream),
    keyPair,
    timeouts: { firstByteMs: 30_000 },
    ...options,
  });
  await splitter.listen(0, '127.0.0.1');
  return splitter.port;
}

const behindProxies = { proxies: loopback, expectsProxyHeader: true };
const seen = (text: string): boolean => text.includes(' seen');

/** TLS within a connection that is open already. */
async function secure({ socket }: RawClient, port: number): Promise<RawClient> {
  const tls = connectTls({ socket, rejectUnauthorized: false });
  await once(tls, 'secureConnect');
  return connectRaw(port, tls);
}

describe('behind a proxy that speaks the PROXY protocol', () => {
  test.each([
    ['version 1', Buffer.from(line)],
    ['version 2', binary],
  ])('HTTP and HTTPS see the address that a header of %s names', async (_version, header) => {
    const port = await open(behindProxies);
    const plain = await connectRaw(port);
    plain.socket.write(Buffer.concat([header, Buffer.from(get)]));
    expect(await plain.received(seen)).toContain('203.0.113.9 55000 seen');
    const outer = await connectRaw(port);
    outer.socket.write(header);
    const inner = await secure(outer, port);
    inner.socket.write(get);
    expect(await inner.received(seen)).toContain('203.0.113.9 55000 seen');
  });

  test('TURN sees it, with encryption and without', async () => {
    const port = await open(behindProxies);
    const plain = await connectRaw(port);
    plain.socket.write(Buffer.concat([binary, allocate]));
    const outer = await connectRaw(port);
    outer.socket.write(line);
    const inner = await secure(outer, port);
    inner.socket.write(allocate);
    await expect.poll(() => turnStreams.length, patience).toBe(2);
    const remote = { address: '203.0.113.9', port: 55_000 };
    const local = { address: '127.0.0.1', port };
    expect(turnStreams).toMatchObject([
      { transport: 'tcp', remote, local },
      { transport: 'tls', remote, local },
    ]);
  });

  test('a header may come byte by byte', async () => {
    const client = await connectRaw(await open(behindProxies));
    for (const octet of Buffer.concat([binary, Buffer.from(get)])) {
      client.socket.write(Uint8Array.of(octet));
      await sleep(1);
    }
    expect(await client.received(seen)).toContain('203.0.113.9 55000 seen');
  });

  test('a proxy that speaks for itself is seen itself', async () => {
    const client = await connectRaw(await open(behindProxies));
    client.socket.write(`PROXY UNKNOWN\r\n${get}`);
    expect(await client.received(seen)).toContain(`127.0.0.1 ${client.socket.localPort} seen`);
  });

  test.each([
    ['no header', get],
    ['a header that is none', `PROXY TCP4 nobody\r\n${get}`],
    ['two headers', `${line}${line}${get}`],
  ])('with %s from the proxy the connection is ended, and nothing is answered', async (_what, octets) => {
    const client = await connectRaw(await open(behindProxies));
    client.socket.write(octets);
    await client.closed();
    expect(client.socket.bytesRead).toBe(0);
  });

  test('half a header is cut off in time', async () => {
    const client = await connectRaw(await open({ ...behindProxies, timeouts: { firstByteMs: 50 } }));
    client.socket.write('PROXY TCP4 203.');
    await client.closed();
    await expect.poll(() => splitter.connectionCount, patience).toBe(0);
  });

  test('the guests are counted by their own addresses', async () => {
    const port = await open({ ...behindProxies, limits: { perAddress: 1 } });
    const [first, second, other] = await Promise.all([connectRaw(port), connectRaw(port), connectRaw(port)]);
    first.socket.write(`${line}${get}`);
    await first.received(seen);
    second.socket.write(`${line}${get}`);
    await second.closed();
    expect(second.socket.bytesRead).toBe(0);
    other.socket.write(`PROXY TCP4 203.0.113.10 192.0.2.1 1 443\r\n${get}`);
    expect(await other.received(seen)).toContain('203.0.113.10 1 seen');
  });
});

describe('a stranger', () => {
  test.each([
    ['line', Buffer.from(line)],
    ['binary header', binary],
  ])('who sends a %s of the PROXY protocol is cut off', async (_what, header) => {
    for (const options of [
      {},
      { proxies: loopback },
      { ...behindProxies, proxies: createAddressSet(['192.0.2.1']) },
    ]) {
      const client = await connectRaw(await open(options));
      client.socket.write(Buffer.concat([header, Buffer.from(get)]));
      await client.closed();
      expect(client.socket.bytesRead).toBe(0);
      await splitter.stop();
    }
  });

  test('is served as ever on a port that expects headers of proxies', async () => {
    const client = await connectRaw(
      await open({ ...behindProxies, proxies: createAddressSet(['192.0.2.1']) }),
    );
    client.socket.write(get);
    expect(await client.received(seen)).toContain('127.0.0.1');
  });
});

describe('the connections of one address', () => {
  test('are limited, and one that ends makes room', async () => {
    const port = await open({ limits: { perAddress: 2 } });
    const [first] = await Promise.all([connectRaw(port), connectRaw(port)]);
    await expect.poll(() => splitter.connectionCount, patience).toBe(2);
    await (await connectRaw(port)).closed();
    first.socket.destroy();
    await expect.poll(() => splitter.connectionCount, patience).toBe(1);
    const next = await connectRaw(port);
    next.socket.write(get);
    expect(await next.received(seen)).toContain('200 OK');
  });

  test('that have said nothing are limited more closely, also within TLS', async () => {
    const port = await open({ limits: { silentPerAddress: 1 } });
    const first = await secure(await connectRaw(port), port);
    await (await connectRaw(port)).closed();
    first.socket.write(get);
    await first.received(seen);
    const next = await connectRaw(port);
    next.socket.write(get);
    expect(await next.received(seen)).toContain('200 OK');
  });

  test('are not limited for a proxy', async () => {
    const port = await open({ limits: { perAddress: 1 }, proxies: loopback });
    for (const client of await Promise.all([connectRaw(port), connectRaw(port), connectRaw(port)])) {
      client.socket.write(get);
      expect(await client.received(seen)).toContain('200 OK');
    }
  });
});

test('without a certificate there is HTTP and TURN, and TLS is cut off', async () => {
  const port = await open({ keyPair: undefined });
  const client = await connectRaw(port);
  client.socket.write(get);
  await client.received(seen);
  const tls = await connectRaw(port);
  tls.socket.write(Buffer.from('1603010005', 'hex'));
  await tls.closed();
  expect(tls.socket.bytesRead).toBe(0);
});
