import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { createTurnServer } from '../server/turn-server.ts';
import type { TurnServer, TurnServerOptions } from '../server/turn-server-options.ts';
import { probeRelay, type RelayProbe } from './probe-relay.ts';

const host = '127.0.0.1';
const credential = { username: 'alice', password: 'wonderland' };

let servers: TurnServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});

async function start(options: Partial<TurnServerOptions> = {}): Promise<TurnServer> {
  const server = createTurnServer({
    realm: 'example.org',
    users: new Map([[credential.username, credential.password]]),
    listeners: [
      { transport: 'udp', address: host, port: 0 },
      { transport: 'tcp', address: host, port: 0 },
    ],
    relayAddresses: [{ local: host, advertised: host }],
    relayPorts: { min: 26_100, max: 26_199 },
    ...options,
  });
  servers.push(server);
  await server.start();
  return server;
}

function portOf(server: TurnServer, transport: 'udp' | 'tcp'): number {
  return server.listeners().find((listener) => listener.transport === transport)?.port ?? 0;
}

/** The ports are the server's word for what it bound. */
async function probe(
  server: TurnServer,
  transport: 'udp' | 'tcp',
  more: { readonly username?: string; readonly password?: string; readonly timeoutMs?: number } = {},
): Promise<RelayProbe> {
  return probeRelay({ transport, host, port: portOf(server, transport), ...credential, ...more });
}

test.each(['udp', 'tcp'] as const)('a packet goes there and back over %s', async (transport) => {
  const server = await start();
  const result = await probe(server, transport);
  expect(result).toMatchObject({ ok: true, mappedAddress: host, relayedAddress: host });
  expect(server.counters()).toMatchObject({ packets_joined: 2, success_allocate: 2 });
});

test('nothing stays behind', async () => {
  const server = await start();
  await probe(server, 'udp');
  await expect.poll(() => server.gauges().allocations).toBe(0);
});

test('a wrong password is told from everything else by the server’s own code', async () => {
  expect(await probe(await start(), 'udp', { password: 'rabbit' })).toMatchObject({
    ok: false,
    step: 'allocate',
    answeredCode: 401,
  });
});

test('a credential whose time is over is refused', async () => {
  const server = await start({ sharedSecrets: ['s'] });
  const username = `${Math.floor(Date.now() / 1000) - 60}:check`;
  const password = timeLimitedPassword('s', username);
  expect(await probe(server, 'udp', { username, password })).toMatchObject({
    ok: false,
    step: 'allocate',
    answeredCode: 401,
  });
});

test('a server that may not be used any more says so', async () => {
  const server = await start({ limits: { allocationsPerUser: 1 } });
  expect(await probe(server, 'udp')).toMatchObject({ ok: false, step: 'allocate', answeredCode: 486 });
});

test('silence over UDP is no challenge', async () => {
  const server = await start();
  await server.stop();
  expect(await probeRelay({ transport: 'udp', host, port: 26_090, ...credential, timeoutMs: 300 })).toEqual({
    ok: false,
    step: 'challenge',
    reason: 'no answer in time',
    answeredCode: undefined,
  });
});

test('a closed TCP port is named by the system’s word', async () => {
  expect(await probeRelay({ transport: 'tcp', host, port: 26_090, ...credential })).toMatchObject({
    ok: false,
    step: 'connect',
    reason: 'ECONNREFUSED',
  });
});

test('a TCP port that is silent, and one that speaks no TLS, are told apart', async () => {
  const silent = createServer(() => {}).listen(0, host);
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const options = { host, port, ...credential, timeoutMs: 300 };
  expect(await probeRelay({ ...options, transport: 'tcp' })).toMatchObject({ step: 'challenge' });
  expect(await probeRelay({ ...options, transport: 'tls' })).toMatchObject({ step: 'tls' });
  silent.close();
});

test('whoever ends the connection, before TLS or after a question, is not waited for', async () => {
  const rude = createServer((socket) => socket.once('data', () => socket.end())).listen(0, host);
  await once(rude, 'listening');
  const address = rude.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const startedAt = performance.now();
  for (const [transport, step] of [
    ['tcp', 'challenge'],
    ['tls', 'tls'],
  ] as const) {
    const probe = await probeRelay({ transport, host, port, ...credential, timeoutMs: 60_000 });
    expect(probe).toMatchObject({ ok: false, step });
  }
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  rude.close();
});

test('a name that does not exist is a connection that cannot be made', async () => {
  expect(
    await probeRelay({ transport: 'udp', host: 'nobody.invalid', port: 3478, ...credential }),
  ).toMatchObject({ ok: false, step: 'connect' });
});
