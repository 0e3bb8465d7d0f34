import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { createLogger } from '../log/create-logger.ts';
import { createProgram } from '../program.ts';
import { examine, runDoctor } from './run-doctor.ts';
import { createFaultyCertificate, type FaultyCertificateOptions } from './testing/faulty-certificate.ts';
import { startFrontProxy, type FrontProxyOptions } from './testing/front-proxy.ts';

vi.setConfig({ testTimeout: 60_000 });

// Faults as they happen, put into a program that runs. Those that take a network of one's own are in e2e.

const ports = { port: 27_480, 'signal-port': 27_488, 'turn-port': 27_478 };
/** More than a busy machine needs for an answer; where silence is the fault, less of it is enough. */
const timeoutMs = 15_000;
const silenceMs = 4_000;

let directory: string;
let cleanUps: (() => unknown)[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callbox-doctor-'));
  await mkdir(join(directory, 'pages'));
  await writeFile(join(directory, 'pages/index.html'), '<!doctype html><html><head></head></html>');
  cleanUps = [() => rm(directory, { recursive: true })];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

async function configure(args = ''): Promise<Config> {
  const environment = {
    CALLBOX_HOST: '127.0.0.1',
    CALLBOX_RELAY_PORTS: '27500-27599',
    CALLBOX_DATA_DIR: join(directory, 'data'),
    ...Object.fromEntries(
      Object.entries(ports).map(([key, port]) => [
        `CALLBOX_${key.toUpperCase().replace('-', '_')}`,
        String(port),
      ]),
    ),
  };
  const command = await loadConfig(['start', ...args.split(' ').filter(Boolean)], environment);
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  return command.config;
}

/** A program that runs, and what it was configured with. */
async function start(args = ''): Promise<Config> {
  // Each server has a data directory of its own.
  const config = { ...(await configure(args)), dataDir: join(directory, `data-${cleanUps.length}`) };
  const logger = createLogger({ level: 'error', format: 'json', write: () => {} });
  const program = createProgram(config, { logger, pageDirectory: join(directory, 'pages') });
  cleanUps.push(() => program.stop());
  await program.start();
  return config;
}

async function diagnose(config: Config, url?: string, withinMs = timeoutMs): Promise<readonly string[]> {
  const { findings } = await examine(config, url, { timeoutMs: withinMs });
  return findings.map(({ id }) => id);
}

async function proxy(options: Partial<FrontProxyOptions> = {}): Promise<string> {
  const { port, server } = await startFrontProxy({ target: ports.port, ...options });
  cleanUps.push(() => server.close().closeAllConnections());
  return `http://localhost:${port}`;
}

async function occupyTcp(port: number): Promise<number> {
  const server = createTcpServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  cleanUps.push(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function occupyUdp(port: number): Promise<void> {
  const socket = createSocket('udp4');
  cleanUps.push(() => socket.close());
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
}

const trustingProxies = '--trusted-proxy 127.0.0.1';

describe('a healthy server', () => {
  test('has nothing the matter, seen from its machine', async () => {
    expect(await diagnose(await start())).toEqual([]);
  });

  test('has nothing the matter, seen by its name, with a certificate of its own making on its own network', async () => {
    expect(await diagnose(await start(), `https://localhost:${ports.port}`)).toEqual([]);
  });

  test('has nothing the matter behind a proxy that does what it should', async () => {
    expect(await diagnose(await start(trustingProxies), await proxy())).toEqual([]);
  });

  test('has nothing the matter on a machine whose proxies speak the PROXY protocol', async () => {
    expect(await diagnose(await start(`${trustingProxies} --proxy-protocol port`))).toEqual([]);
  });

  test('has nothing the matter below a path of its own', async () => {
    const config = await start('--base-path /calls/');
    expect(await diagnose(config)).toEqual([]);
    expect(await diagnose(config, `https://localhost:${ports.port}/calls/`)).toEqual([]);
  });

  test('has nothing the matter from a machine that has no server', async () => {
    await start();
    const elsewhere = await configure('--port 27470 --signal-port 27471 --turn-port 27472');
    expect(await diagnose(elsewhere, `https://localhost:${ports.port}`)).toEqual([]);
  });
});

describe('on the machine', () => {
  test('no server', async () => {
    expect(await diagnose(await configure())).toEqual(['not-running']);
  });

  test('a server that is not ready', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(503, { 'Content-Type': 'application/json' }).end('{"status":"starting"}');
    }).listen(ports.port, '127.0.0.1');
    cleanUps.push(() => server.close());
    await once(server, 'listening');
    expect(await diagnose(await configure())).toEqual(['not-ready']);
  });

  test.each(Object.entries(ports))('TCP port %s is taken, and by whom', async (_key, port) => {
    await occupyTcp(port);
    const { findings } = await examine(await configure(), undefined, { timeoutMs });
    expect(findings.map(({ id }) => id)).toEqual(['port-taken']);
    const holder = process.platform === 'linux' ? `(process ${process.pid})` : 'another program';
    expect(findings[0]?.what).toContain(`TCP port ${port} is in use`);
    expect(findings[0]?.what).toContain(holder);
  });

  test('the relay’s UDP port is taken', async () => {
    await occupyUdp(ports['turn-port']);
    expect(await diagnose(await configure())).toEqual(['port-taken']);
  });

  test('an address that the machine does not have', async () => {
    expect(await diagnose(await configure('--host 203.0.113.200'))).toEqual(['address-missing']);
  });

  test('relay ports that others have', async () => {
    const config = await start('--relay-ports 27491-27493');
    for (const port of [27_491, 27_492, 27_493]) await occupyUdp(port);
    expect(await diagnose(config)).toEqual(['relay-ports-taken']);
  });

  test.runIf(process.platform === 'linux')('relay ports that the system gives away', async () => {
    expect(await diagnose(await start('--relay-ports 41000-41099'))).toEqual(['relay-ports-shared']);
  });

  test('a data directory that is open to all', async () => {
    const config = await start();
    await chmod(config.dataDir, 0o777);
    expect(await diagnose(config)).toEqual(['data-readable']);
  });

  test('a secret that others can read', async () => {
    const config = await start();
    await chmod(config.dataDir, 0o755);
    expect(await diagnose(config)).toEqual([]);
    await chmod(join(config.dataDir, 'turn-secret'), 0o644);
    expect(await diagnose(config)).toEqual(['data-readable']);
  });

  test('a data directory that is none', async () => {
    await writeFile(join(directory, 'file'), '');
    const config = await configure(`--data-dir ${join(directory, 'file')}`);
    expect(await diagnose(config)).toEqual(['data-unusable']);
  });

  test.each([
    [
      'few-files',
      { 'self/limits': 'Max open files            256                  256                  files\n' },
    ],
    ['little-memory', { meminfo: 'MemTotal: 900000 kB\nMemAvailable:      20000 kB\n' }],
  ])('%s, as the kernel tells it', async (id, files) => {
    const proc = join(directory, 'proc');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(proc, path, '..'), { recursive: true });
      await writeFile(join(proc, path), text);
    }
    const config = await configure('--port 27470 --signal-port 27471 --turn-port 27472');
    const { findings } = await examine(config, undefined, { timeoutMs, proc, cgroup: directory });
    expect(findings.map((finding) => finding.id)).toEqual(['not-running', id]);
  });

  test('a control group that leaves little memory', async () => {
    await writeFile(join(directory, 'memory.max'), '268435456\n');
    await writeFile(join(directory, 'memory.current'), '250000000\n');
    const { findings } = await examine(await start(), undefined, { timeoutMs, cgroup: directory });
    expect(findings.map(({ id }) => id)).toEqual(['little-memory']);
  });
});

describe('under the name', () => {
  test('nothing', async () => {
    expect(await diagnose(await start(), 'https://nobody.invalid')).toEqual(['name-unknown']);
  });

  test('another server', async () => {
    const config = await start();
    await start('--port 27470 --signal-port 27471 --turn-port 27472 --relay-ports 27600-27699');
    expect(await diagnose(config, 'https://localhost:27470')).toEqual(['name-elsewhere']);
  });

  test('another program', async () => {
    const server = createServer((_request, response) => response.end('It works!')).listen(0, '127.0.0.1');
    cleanUps.push(() => server.close());
    await once(server, 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    expect(await diagnose(await start(), url)).toEqual(['name-elsewhere']);
  });

  test('a closed port', async () => {
    expect(await diagnose(await start(), 'https://127.0.0.1:27470')).toEqual(['port-closed']);
  });

  test('a port without TLS', async () => {
    const port = await occupyTcp(0);
    expect(await diagnose(await start(), `https://localhost:${port}`)).toEqual(['no-tls']);
  });

  test('a CDN', async () => {
    const config = await start(trustingProxies);
    expect(
      await diagnose(config, await proxy({ adds: { 'CF-Ray': '8e1b-FRA', Server: 'cloudflare' } })),
    ).toEqual(['cdn-in-front']);
  });

  test('a proxy that does not reach the server', async () => {
    expect(await diagnose(await start(trustingProxies), await proxy({ target: 27_470 }))).toEqual([
      'proxy-cannot-reach',
    ]);
  });

  test('a proxy that passes no WebSocket', async () => {
    expect(await diagnose(await start(trustingProxies), await proxy({ passesUpgrades: false }))).toEqual([
      'proxy-without-websocket',
    ]);
  });

  test('a proxy of HTTP that the server was not told of', async () => {
    expect(await diagnose(await start(), await proxy({ forwards: false }))).toEqual(['one-port-no-relay']);
  });

  test.each([-3_600_000, 600_000])('a clock that is %i ms ahead', async (clockAheadMs) => {
    expect(await diagnose(await start(trustingProxies), await proxy({ clockAheadMs }))).toEqual([
      'clock-wrong',
    ]);
  });
});

describe('the certificate', () => {
  async function serve(options: FaultyCertificateOptions): Promise<Config> {
    const { cert, key } = await createFaultyCertificate(options);
    const files = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    await writeFile(files[0] ?? '', cert);
    await writeFile(files[1] ?? '', key);
    return start(`--cert ${files[0]} --key ${files[1]}`);
  }

  test.each<readonly [id: string, options: Partial<FaultyCertificateOptions>]>([
    ['certificate-expired', { validFromDays: -90, validToDays: -2 }],
    ['certificate-not-yet-valid', { validFromDays: 2 }],
    ['certificate-wrong-name', { name: 'other.example' }],
    ['certificate-chain-incomplete', { withChain: false, namesItsIssuer: true }],
    ['certificate-unknown-authority', {}],
    ['certificate-unknown-authority', { withChain: false }],
  ])('%s', async (id, options) => {
    const config = await serve({ name: 'localhost', ...options });
    expect(await diagnose(config, `https://localhost:${ports.port}`)).toEqual([id]);
  });

  test('of the server’s own making, although the internet is to come', async () => {
    const config = await start('--public-address 5.9.1.7');
    expect(await diagnose(config, `https://localhost:${ports.port}`)).toEqual(['certificate-self-signed']);
  });
});

describe('a relay of others', () => {
  const url = '--ice-server turn:127.0.0.1:27473?transport=tcp&secret=one';

  test('that takes the secret is none of our matters', async () => {
    await start('--roles turn --turn-secret one --turn-port 27473 --relay-ports 27600-27699');
    expect(await diagnose(await start(`--roles signaling,web ${url}`))).toEqual([]);
  });

  test('that knows another secret', async () => {
    await start('--roles turn --turn-secret another --turn-port 27473 --relay-ports 27600-27699');
    expect(await diagnose(await start(url))).toEqual(['foreign-relay-refuses']);
  });

  test('that is not there', async () => {
    expect(await diagnose(await start(url))).toEqual(['foreign-relay-dead']);
  });

  test('that grants everything and lets no packet through', async () => {
    await start('--roles turn --turn-secret one --turn-port 27473 --relay-ports 27600-27699');
    await swallowMedia(27_474, 27_473);
    const config = await start(
      '--roles signaling,web --ice-server turn:127.0.0.1:27474?transport=udp&secret=one',
    );
    expect(await diagnose(config, undefined, silenceMs)).toEqual(['foreign-relay-alone']);
  });
});

describe('the relay', () => {
  test('elsewhere, with another secret', async () => {
    await start('--roles turn --turn-secret one --turn-port 27473 --relay-ports 27600-27699');
    const url = '--turn-url turn:127.0.0.1:27473?transport=udp';
    const config = await start(`--roles signaling,web ${url} --turn-secret another`);
    expect(await diagnose(config)).toEqual(['relay-refuses']);
  });

  test('elsewhere, with the same secret: nothing is the matter', async () => {
    await start('--roles turn --turn-secret one --turn-port 27473 --relay-ports 27600-27699');
    const url = '--turn-url turn:127.0.0.1:27473?transport=udp';
    expect(await diagnose(await start(`--roles signaling,web ${url} --turn-secret one`))).toEqual([]);
  });

  test('elsewhere, and silent', async () => {
    const url = '--turn-url turn:127.0.0.1:27474?transport=udp';
    const config = await start(`--roles signaling,web ${url} --turn-secret s`);
    expect(await diagnose(config, undefined, silenceMs)).toEqual(['udp-blocked']);
  });

  test('of which nobody is told', async () => {
    expect(await diagnose(await start('--roles signaling,web'))).toEqual(['no-relay']);
  });

  test('alone, without signaling: nothing is the matter', async () => {
    expect(await diagnose(await start('--roles turn'))).toEqual([]);
    expect(await diagnose(await start('--roles turn --turn-secret s --turn-port 27473'))).toEqual([]);
  });

  test('without room for one more', async () => {
    expect(await diagnose(await start('--relay-ports 27500-27501'))).toEqual(['relay-full']);
  });

  test('that grants everything and lets no packet through', async () => {
    await start('--roles turn --turn-secret s --turn-port 27473 --relay-ports 27600-27699');
    await swallowMedia(27_474, 27_473);
    const config = await start(
      '--roles signaling,web --turn-url turn:127.0.0.1:27474?transport=udp --turn-secret s',
    );
    expect(await diagnose(config, undefined, silenceMs)).toEqual(['relay-does-not-relay']);
  });
});

/** Stands before a relay and passes requests and answers, but nothing that is relayed (RFC 8656 §11: indications). */
async function swallowMedia(port: number, relayPort: number): Promise<void> {
  const front = createSocket('udp4');
  const clients = new Map<number, ReturnType<typeof createSocket>>();
  cleanUps.push(() => {
    front.close();
    for (const socket of clients.values()) socket.close();
  });
  front.on('message', (octets, from) => {
    const towards = clients.get(from.port) ?? createSocket('udp4');
    if (!clients.has(from.port)) {
      clients.set(from.port, towards);
      towards.on('message', (answer) => front.send(answer, from.port, from.address));
    }
    const sendIndication = 0x0016;
    if (octets.readUInt16BE(0) !== sendIndication) towards.send(octets, relayPort, '127.0.0.1');
  });
  front.bind(port, '127.0.0.1');
  await once(front, 'listening');
}

describe('the report', () => {
  async function run(
    config: Config,
    json: boolean,
  ): Promise<{ readonly code: number; readonly text: string }> {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    const code = await runDoctor(config, {
      url: undefined,
      json,
      colours: false,
      columns: 80,
      write,
      timeoutMs,
    });
    return { code, text };
  }

  test('is for people, without a code of colour and within the terminal, and fails with 1', async () => {
    const { code, text } = await run(await configure(), false);
    expect(code).toBe(1);
    expect(text).toContain('FAIL  Server: The server is not running on this machine.');
    expect(text).toContain('do    Start it');
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/\u001b/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('is for programs, and ends with 0 where nothing fails', async () => {
    const { code, text } = await run(await start(), true);
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ findings: [] });
  });

  test('holds no credential', async () => {
    const config = await start('--turn-secret rabbit-hole');
    for (const json of [true, false]) {
      expect((await run(config, json)).text).not.toMatch(/rabbit-hole|credential|"username"/);
    }
  });
});
