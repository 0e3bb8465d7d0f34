import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { createSocket } from 'node:dgram';
import { connect as connectTls } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IceGrant } from '@callbox/contract';
import { probeRelay } from '@callbox/turn';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from './certificate/create-self-signed.ts';
import { loadConfig } from './config/load-config.ts';
import { createLogger } from './log/create-logger.ts';
import { createProgram, type Program } from './program.ts';
import { StartError } from './start-error.ts';
import type { StartUpFacts } from './start-up-text.ts';
import { fetchRaw } from './testing/fetch-raw.ts';
import { connectRaw } from './testing/raw-client.ts';

const turnPort = 25_478;
/** A STUN Binding request (RFC 8489 §5) without attributes. */
const bindingRequest = Buffer.from('000100002112a4420102030405060708090a0b0c', 'hex');

let directory: string;
let pageDirectory: string;
let programs: Program[] = [];
const logged: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callbox-program-'));
  pageDirectory = join(directory, 'pages');
  await mkdir(pageDirectory);
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><html><head></head></html>');
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  programs = [];
});

/** A program on free ports of loopback, unless the arguments say otherwise. */
async function make(args: string): Promise<Program> {
  const command = await loadConfig(args.split(' ').filter(Boolean), {
    CALLBOX_HOST: '127.0.0.1',
    CALLBOX_PORT: '0',
    CALLBOX_SIGNAL_PORT: '0',
    CALLBOX_TURN_PORT: String(turnPort),
    CALLBOX_RELAY_PORTS: '25500-25599',
    CALLBOX_DATA_DIR: join(directory, 'data'),
  });
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  const logger = createLogger({ level: 'debug', format: 'json', write: (line) => logged.push(line) });
  const program = createProgram(command.config, { logger, pageDirectory });
  programs.push(program);
  return program;
}

async function start(args = ''): Promise<StartUpFacts> {
  return (await make(args)).start();
}

async function whyNot(args: string): Promise<string> {
  const program = await make(args);
  const error: unknown = await program.start().catch((reason: unknown) => reason);
  if (!(error instanceof StartError)) throw new Error('it started, or failed otherwise', { cause: error });
  return error.message;
}

function healthAt(port: number | undefined, secure = false): Promise<{ readonly body: string }> {
  return fetchRaw({ port: port ?? 0, path: '/healthz', secure });
}

async function isRefused(port: number): Promise<boolean> {
  return fetchRaw({ port, path: '/healthz' }).then(
    () => false,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED',
  );
}

/** Asks the relay for our address over UDP; true if it answers. */
async function answersStun(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.send(bindingRequest, port, '127.0.0.1');
    const timeout = AbortSignal.timeout(1_000);
    const [reply] = (await once(socket, 'message', { signal: timeout })) as [Buffer];
    return reply.readUInt16BE(0) === 0x0101;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('all three parts in one process', () => {
  test('pages, signaling and relay answer once it has started', async () => {
    const { port, signalPort } = await start();
    const expected = { status: 'ok', roles: ['turn', 'signaling', 'web'] };
    for (const at of [port, signalPort]) {
      for (const secure of [false, true]) {
        expect(JSON.parse((await healthAt(at, secure)).body)).toMatchObject(expected);
      }
    }
    const handshake = await fetchRaw({ port: port ?? 0, path: '/signaling/?EIO=4&transport=polling' });
    expect(handshake.body).toContain('"upgrades":["websocket"]');
    expect(await answersStun(turnPort)).toBe(true);
  });

  test('the relay answers on every port, with encryption and without', async () => {
    const { port = 0, signalPort = 0 } = await start();
    for (const at of [port, signalPort, turnPort]) {
      const tls = connectTls({ port: at, host: '127.0.0.1', rejectUnauthorized: false });
      await once(tls, 'secureConnect');
      for (const client of [await connectRaw(at), await connectRaw(at, tls)]) {
        client.socket.write(bindingRequest);
        const reply = await client.received(({ length }) => length >= 20);
        expect(Buffer.from(reply, 'latin1').readUInt16BE(0)).toBe(0x0101);
        client.socket.destroy();
      }
    }
  });

  test('one address has as many connections to a port as it may, and no more', async () => {
    const { port } = await start('--source-connections 1');
    const first = await connectRaw(port ?? 0);
    const second = await connectRaw(port ?? 0);
    await second.closed();
    first.socket.write(bindingRequest);
    await first.received(({ length }) => length >= 20);
    first.socket.destroy();
    await first.closed();
    await expect.poll(() => healthAt(port).then(({ body }) => body), { timeout: 15_000 }).toContain('ok');
  });

  test('the port of the relay tells of health, and has neither pages nor signaling', async () => {
    await start();
    expect(JSON.parse((await healthAt(turnPort, true)).body)).toMatchObject({ status: 'ok' });
    for (const path of ['/', '/signaling/?EIO=4&transport=polling']) {
      expect((await fetchRaw({ port: turnPort, path, secure: true })).status).toBe(404);
    }
  });

  test('its health tells one server from another', async () => {
    const { port, signalPort } = await start();
    const other = await start(
      `--roles web --signaling-url https://s.example --data-dir ${join(directory, 'other')}`,
    );
    const seen: unknown[] = [];
    for (const at of [port, signalPort, other.port]) {
      const health: unknown = JSON.parse((await healthAt(at)).body);
      seen.push(typeof health === 'object' && health !== null && 'instance' in health && health.instance);
    }
    expect(typeof seen[0]).toBe('string');
    expect([seen[1] === seen[0], seen[2] === seen[0]]).toEqual([true, false]);
  });

  test('who wants to try a call gets a relay that works, for minutes', async () => {
    const { port = 0, signalPort = 0 } = await start();
    for (const at of [port, signalPort]) {
      const { body } = await fetchRaw({ port: at, path: '/check/ice-servers', host: `127.0.0.1:${at}` });
      const grant = JSON.parse(body) as IceGrant;
      expect(grant.lifetimeSeconds).toBe(600);
      const probe = await probeRelay({
        transport: 'udp',
        host: '127.0.0.1',
        port: turnPort,
        username: grant.iceServers[0]?.username ?? '',
        password: grant.iceServers[0]?.credential ?? '',
      });
      expect(probe).toMatchObject({ ok: true });
    }
  });

  test('it is ready when a packet has gone through the relay, over UDP and on the one port', async () => {
    const { port, signalPort } = await start();
    for (const at of [port, signalPort, turnPort]) {
      const { status, body } = await fetchRaw({ port: at ?? 0, path: '/readyz' });
      expect([status, JSON.parse(body)]).toMatchObject([
        200,
        {
          status: 'ready',
          relay: [
            { transport: 'udp', ok: true },
            { transport: 'tcp', ok: true },
          ],
        },
      ]);
    }
  });

  test('it is ready behind proxies that begin every connection in their own way', async () => {
    const { port } = await start(
      '--trusted-proxy 127.0.0.1 --proxy-protocol port --proxy-protocol signal-port',
    );
    const client = await connectRaw(port ?? 0);
    client.socket.write('PROXY TCP4 203.0.113.9 192.0.2.1 1 443\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await client.received((text) => text.includes('}]}'))).toContain('"status":"ready"');
  });

  test('a relay alone is ready by its own port', async () => {
    await start('--roles turn --turn-secret s');
    const { status, body } = await fetchRaw({ port: turnPort, path: '/readyz' });
    expect([status, body]).toEqual([200, expect.stringContaining('"udp"')]);
  });

  test('stopping closes every port at once, whoever is connected', async () => {
    const program = await make('');
    const { port = 0, signalPort = 0 } = await program.start();
    const clients = await Promise.all([connectRaw(port), connectRaw(signalPort), connectRaw(turnPort)]);
    const startedAt = performance.now();
    await program.stop();
    // Left to their deadlines, these three would stay for ten seconds and more.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await Promise.all(clients.map((client) => client.closed()));
    expect(await Promise.all([port, signalPort, turnPort].map(isRefused))).toEqual([true, true, true]);
    expect(await answersStun(turnPort)).toBe(false);
  });

  test('stopping in the middle of a start leaves nothing open', async () => {
    const program = await make('');
    const starting = program.start();
    await program.stop();
    const { port = 0, signalPort = 0 } = await starting;
    expect(await Promise.all([port, signalPort, turnPort].map(isRefused))).toEqual([true, true, true]);
  });

  test('it can be started again on the same ports, with the same certificate', async () => {
    const first = await make('--port 25480 --signal-port 25488');
    await first.start();
    const certificateBefore = await certificateAt(25_480);
    await first.stop();
    await start('--port 25480 --signal-port 25488');
    expect(await certificateAt(25_480)).toBe(certificateBefore);
  });

  test('nothing that is logged holds a secret', async () => {
    await start('--turn-user alice:wonderland --turn-secret rabbit-hole');
    expect(logged.join('')).not.toMatch(/wonderland|rabbit-hole/);
  });
});

describe('the port of plain HTTP', () => {
  const httpPort = 25_481;

  test('leads a person to the pages and answers nobody else', async () => {
    const { port } = await start(`--http-port ${httpPort}`);
    const asked = { port: httpPort, host: 'calls.example', path: '/r/standup' };
    const person = await fetchRaw({ ...asked, headers: { Accept: 'text/html' } });
    expect([person.status, person.headers.location]).toEqual([
      307,
      `https://calls.example:${port}/r/standup`,
    ]);
    expect((await fetchRaw(asked)).status).toBe(403);
  });

  test('is done without where another program has it, and that is said', async () => {
    const other = createServer().listen(httpPort, '127.0.0.1');
    await once(other, 'listening');
    const { notices, port } = await start(`--http-port ${httpPort}`);
    other.close();
    expect(notices).toEqual([
      'TCP port 25481 is already in use; end the program that uses it, or choose another with --http-port. Until then nobody is led from http: to https:.',
    ]);
    expect((await healthAt(port)).body).toContain('"status":"ok"');
  });
});

describe('the authority of our own', () => {
  test('is offered where people open pages, with encryption and without', async () => {
    const { port = 0, signalPort = 0 } = await start();
    const page = { host: '192.168.1.5', path: '/ca' };
    for (const secure of [true, false]) {
      expect((await fetchRaw({ ...page, port, secure })).body).toContain('Fingerprint');
    }
    expect((await fetchRaw({ ...page, port: signalPort, secure: true })).status).toBe(404);
  });

  test('is not offered beside the operator’s certificate', async () => {
    const own = await createSelfSigned({ names: ['calls.example'], addresses: [] }, Date.now());
    const [cert, key] = [join(directory, 'given.pem'), join(directory, 'given-key.pem')];
    await writeFile(cert, own.cert);
    await writeFile(key, own.key);
    const { port = 0 } = await start(`--cert ${cert} --key ${key}`);
    expect((await fetchRaw({ port, secure: true, path: '/ca' })).status).toBe(404);
  });
});

describe('the addresses to open', () => {
  test('are none beside localhost where only loopback is listened on', async () => {
    expect(await start()).toMatchObject({ isOnLoopback: true, hosts: [], certificate: { isTrusted: false } });
  });

  test('are those that the operator’s certificate is good for', async () => {
    const own = await createSelfSigned({ names: ['calls.example'], addresses: ['203.0.113.9'] }, Date.now());
    const [cert, key] = [join(directory, 'own.pem'), join(directory, 'own-key.pem')];
    await writeFile(cert, own.cert);
    await writeFile(key, own.key);
    const roles = '--roles web --signaling-url https://s.example --public-address 203.0.113.9';
    expect(await start(`${roles} --host 0.0.0.0 --cert ${cert} --key ${key}`)).toMatchObject({
      isOnLoopback: true,
      hosts: ['calls.example', '203.0.113.9'],
      certificate: { isTrusted: true },
    });
  });
});

async function certificateAt(port: number): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('what cannot start says so in one line and leaves nothing running', () => {
  test.each(['port', 'signal-port', 'turn-port'])('--%s in use', async (name) => {
    const ports = { port: 25_481, 'signal-port': 25_482, 'turn-port': 25_483 };
    const taken = ports[name as keyof typeof ports];
    const other = await occupy(taken);
    const args = Object.entries(ports).map(([key, port]) => `--${key} ${port}`);
    expect(await whyNot(args.join(' '))).toBe(
      `TCP port ${taken} is already in use; end the program that uses it, or choose another with --${name}`,
    );
    other.close();
    await once(other, 'close');
    expect(await Promise.all(Object.values(ports).map(isRefused))).toEqual([true, true, true]);
    expect(await answersStun(ports['turn-port'])).toBe(false);
  });

  test('a UDP port in use', async () => {
    const other = createSocket('udp4');
    other.bind(turnPort, '127.0.0.1');
    await once(other, 'listening');
    expect(await whyNot('')).toBe(
      `UDP port ${turnPort} is already in use; end the program that uses it, or choose another with --turn-port`,
    );
    other.close();
  });

  test('an address that the machine does not have', async () => {
    expect(await whyNot('--roles web --signaling-url http://s.example --host 203.0.113.200')).toBe(
      '203.0.113.200 is not an address of this machine; choose another with --host',
    );
  });

  test('a data directory that is none', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    expect(await whyNot(`--data-dir ${file}`)).toBe(
      `the data directory ${file} cannot be used (EEXIST); choose another with --data-dir`,
    );
  });

  test('a data directory that another server uses, which goes on', async () => {
    const { port } = await start();
    expect(await whyNot('--roles web --signaling-url https://s.example')).toBe(
      `another server (process ${process.pid}) uses the data directory ${join(directory, 'data')}; end that one, or choose another with --data-dir`,
    );
    expect((await healthAt(port)).body).toContain('ok');
    await programs[0]?.stop();
    await expect(start('--roles web --signaling-url https://s.example')).resolves.toBeDefined();
  });
});

describe('each part runs alone', () => {
  test('the relay opens its own port only', async () => {
    const facts = await start('--roles turn --turn-secret s');
    expect(facts).toMatchObject({ port: undefined, signalPort: undefined, notices: [] });
    expect(await answersStun(turnPort)).toBe(true);
  });

  test('signaling opens its own port only, and says that no relay is known', async () => {
    const { port, signalPort, notices } = await start('--roles signaling --allow-origin http://p.example');
    expect(port).toBeUndefined();
    expect(JSON.parse((await healthAt(signalPort)).body)).toMatchObject({
      status: 'ok',
      roles: ['signaling'],
    });
    expect(notices).toHaveLength(1);
    expect(await answersStun(turnPort)).toBe(false);
    const client = await connectRaw(signalPort ?? 0);
    client.socket.write(bindingRequest);
    expect(await client.closed()).toBeGreaterThan(0);
  });

  test('signaling serves the pages that it was told of, and no others', async () => {
    const { signalPort = 0 } = await start('--roles signaling --allow-origin http://p.example');
    const path = '/signaling/?EIO=4&transport=polling';
    const statusFor = async (origin: string): Promise<number> =>
      (await fetchRaw({ port: signalPort, path, headers: { Origin: origin } })).status;
    expect([await statusFor('http://p.example'), await statusFor('http://q.example')]).toEqual([200, 403]);
  });

  test('the pages open their own port only, and say where signaling is', async () => {
    const { port = 0, signalPort } = await start('--roles web --signaling-url https://s.example:8888');
    expect(signalPort).toBeUndefined();
    expect((await fetchRaw({ port })).body).toContain('content="https://s.example:8888"');
    expect((await fetchRaw({ port, path: '/signaling/?EIO=4&transport=polling' })).status).toBe(404);
  });
});
