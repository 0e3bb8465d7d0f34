import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../e2e/program/free-port.ts';
import { createTestAuthority } from '../../e2e/program/test-authority.ts';
import { findProgram } from '../turn/servers/find-program.ts';

export interface PebbleSettings {
  /** Where the authority looks for HTTP-01 and for TLS-ALPN-01, in place of 80 and 443. */
  readonly httpPort: number;
  readonly tlsPort: number;
  /** Whom alone it makes accounts for: keys in base64url, by their names. Everybody unless given. */
  readonly customers?: Readonly<Record<string, string>>;
}

/** A certificate authority of the tests' own: Let's Encrypt's for this purpose. */
export interface Pebble {
  readonly port: number;
  readonly directoryUrl: string;
  /** Whom to trust for its own HTTPS: a file in PEM. */
  readonly caFile: string;
  /** The root of the certificates that it gives, in PEM. */
  readonly root: () => Promise<string>;
  /** Lets a name lead to this address; all others lead to 127.0.0.1. */
  readonly point: (name: string, address: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const startDeadlineMs = 30_000;

function run(name: string, parameters: readonly string[], environment: Record<string, string> = {}) {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const child = spawn(path, parameters, {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  const exited = once(child, 'exit');
  return {
    child,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Asks until an answer comes. */
async function untilReady(child: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

function read(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

export async function startPebble({ httpPort, tlsPort, customers }: PebbleSettings): Promise<Pebble> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-pebble-'));
  const [port, management, names, namesManagement] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  const authority = await createTestAuthority();
  const { cert, key } = await authority.certify(['localhost'], ['127.0.0.1']);
  const files = {
    config: join(folder, 'config.json'),
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    ca: join(folder, 'ca.pem'),
  };
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: files.cert,
    privateKey: files.key,
    httpPort,
    tlsPort,
    ...(customers === undefined
      ? {}
      : { externalAccountBindingRequired: true, externalAccountMACKeys: customers }),
  };
  await Promise.all([
    writeFile(files.config, JSON.stringify({ pebble })),
    writeFile(files.cert, cert),
    writeFile(files.key, key),
    writeFile(files.ca, authority.pem),
  ]);
  const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''];
  const nameServer = run('pebble-challtestsrv', [
    '-dns01',
    `127.0.0.1:${names}`,
    '-management',
    `127.0.0.1:${namesManagement}`,
    ...off,
  ]);
  const server = run('pebble', ['-config', files.config, '-dnsserver', `127.0.0.1:${names}`], {
    PEBBLE_VA_NOSLEEP: '1',
    // What is proven once need not be proven again, as with most authorities: half of the time here.
    PEBBLE_AUTHZREUSE: '50',
  });
  const namesUrl = `http://127.0.0.1:${namesManagement}`;
  const directoryUrl = `https://localhost:${port}/dir`;
  await untilReady(nameServer.child, () => fetch(namesUrl));
  await untilReady(server.child, () => read(directoryUrl, authority.pem));
  return {
    port,
    directoryUrl,
    caFile: files.ca,
    root: () => read(`https://127.0.0.1:${management}/roots/0`, authority.pem),
    point: async (name, address) => {
      const body = JSON.stringify({ host: `${name}.`, addresses: [address] });
      const { status } = await fetch(`${namesUrl}/add-a`, { method: 'POST', body });
      if (status !== 200) throw new Error(`${name} cannot be pointed to ${address}: ${status}`);
    },
    stop: async () => {
      await Promise.all([server.stop(), nameServer.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
