import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from '../networks/internet/create-internet.ts';
import type { CertifiedKey } from './test-authority.ts';
import { until } from '../until.ts';

/** What coturn has written into its log, counted. */
export interface CoturnCounts {
  readonly allocations: number;
  readonly challenges: number;
  readonly permissions: number;
  readonly channels: number;
  /** Answers that are errors, but for the challenges. */
  readonly refusals: number;
}

/** A running coturn. */
export interface Coturn {
  counts(): CoturnCounts;
  /** Forgets what was counted before. */
  resetCounts(): void;
  output(): string;
  stop(): Promise<void>;
}

const patterns: Readonly<Record<keyof CoturnCounts, RegExp>> = {
  allocations: /ALLOCATE processed, success/,
  challenges: /processed, error 401/,
  permissions: /CREATE_PERMISSION processed, success/,
  channels: /CHANNEL_BIND processed, success/,
  refusals: /processed, error (?!401)\d+/,
};

/** The version of the coturn that is installed. */
export async function readCoturnVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)('dpkg-query', ['-W', '-f', '${Version}', 'coturn']);
  return stdout.trim();
}

/** Whom it relays for: those with credentials that were signed with a secret, or one who has a password. */
export type CoturnAccess =
  { readonly secret: string } | { readonly username: string; readonly password: string };

/** Starts coturn on a host, at UDP and TCP 3478 and, TLS as well, at TCP 443. */
export async function startCoturn(
  host: Pick<Host, 'prefix' | 'ipv4' | 'ipv6'>,
  access: CoturnAccess,
  certificate: CertifiedKey,
): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-coturn-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.cert, certificate.cert);
  await writeFile(files.key, certificate.key);
  const addresses = [host.ipv4, host.ipv6].filter((address) => address !== null);
  const lines = [
    'listening-port=3478',
    'tls-listening-port=443',
    ...addresses.flatMap((address) => [`listening-ip=${address}`, `relay-ip=${address}`]),
    ...('secret' in access
      ? ['use-auth-secret', `static-auth-secret=${access.secret}`]
      : ['lt-cred-mech', `user=${access.username}:${access.password}`]),
    'realm=callbox',
    `cert=${files.cert}`,
    `pkey=${files.key}`,
    `userdb=${join(folder, 'db')}`,
    `pidfile=${join(folder, 'pid')}`,
    'no-cli',
    'verbose',
    'fingerprint',
    'log-file=stdout',
  ];
  const file = join(folder, 'turnserver.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  const line: readonly string[] = [...host.prefix, 'turnserver', '-c', file];
  const [command = '', ...parameters] = line;
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let forgotten = 0;
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exit = new Promise((resolve) => child.once('exit', resolve));
  await until('coturn to listen', () =>
    /listener opened on : .*:443/.test(output)
      ? { found: true, value: null }
      : { found: false, seen: output.slice(-1000) },
  );
  return {
    counts: () => {
      const written = output.slice(forgotten).split('\n');
      const count = (pattern: RegExp) => written.filter((text) => pattern.test(text)).length;
      return {
        allocations: count(patterns.allocations),
        challenges: count(patterns.challenges),
        permissions: count(patterns.permissions),
        channels: count(patterns.channels),
        refusals: count(patterns.refusals),
      };
    },
    resetCounts: () => {
      forgotten = output.length;
    },
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
