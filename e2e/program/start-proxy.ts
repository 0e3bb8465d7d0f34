import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../until.ts';
import { findProgram } from './find-program.ts';
import type { CertifiedKey } from './test-authority.ts';

const examples = join(import.meta.dirname, '../../examples');
const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so';

export interface ProxyOptions {
  /** What to serve with. */
  readonly certificate: CertifiedKey;
  /** The port to listen on. */
  readonly port: number;
  /** What stands in the example, and what stands for it here; all of it must be found. */
  readonly replace: Readonly<Record<string, string>>;
}

/** Whether the proxies of the examples are installed. */
export function hasProxies(): boolean {
  return findProgram(['nginx']) !== null && existsSync(streamModule) && findProgram(['caddy']) !== null;
}

/** Starts nginx with examples as they stand in the repository but for addresses; it ends with the test. */
export async function startNginx(files: readonly string[], options: ProxyOptions): Promise<void> {
  const folder = await makeFolder();
  const texts = await readExamples('behind-nginx', files, options, folder);
  const [streams, pages] = [texts.filter(isStream), texts.filter((text) => !isStream(text))];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const configuration = [
    `load_module ${streamModule};`,
    'daemon off; user root; worker_processes 1; error_log stderr notice;',
    `pid ${join(folder, 'pid')};`,
    'events {}',
    `http { access_log off; ${temporary.join(' ')} ${pages.join('\n')} }`,
    ...streams,
  ];
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration.join('\n'));
  await run(findProgram(['nginx']), ['-p', folder, '-c', file], folder, options.port);
}

/** Starts Caddy in the same way. */
export async function startCaddy(options: ProxyOptions): Promise<void> {
  const folder = await makeFolder();
  const [text = ''] = await readExamples('behind-caddy', ['Caddyfile'], options, folder);
  const [cert, key] = await keepCertificate(folder, options.certificate);
  const site = `calls.example:${options.port} {\n`;
  if (!text.includes(site)) throw new Error('the example has no such site');
  const settings = '{\n  admin off\n  auto_https off\n}\n';
  const file = join(folder, 'Caddyfile');
  await writeFile(file, settings + text.replace(site, `${site}  tls ${cert} ${key}\n`));
  await run(findProgram(['caddy']), ['run', '--config', file], folder, options.port);
}

function isStream(text: string): boolean {
  return /^stream \{/m.test(text);
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-proxy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function keepCertificate(folder: string, { cert, key }: CertifiedKey): Promise<[string, string]> {
  await mkdir(folder, { recursive: true });
  const files: [string, string] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(files[0], cert), writeFile(files[1], key)]);
  return files;
}

/** Reads examples, with certificate and addresses of this test. */
async function readExamples(
  folder: string,
  files: readonly string[],
  options: ProxyOptions,
  temporary: string,
): Promise<readonly string[]> {
  const [cert, key] = await keepCertificate(temporary, options.certificate);
  const texts = await Promise.all(files.map((file) => readFile(join(examples, folder, file), 'utf8')));
  const replacements = Object.entries({
    '/etc/ssl/calls.example.pem': cert,
    '/etc/ssl/private/calls.example.key': key,
    ...options.replace,
  });
  for (const [wanted] of Object.entries(options.replace)) {
    if (!texts.some((text) => text.includes(wanted))) throw new Error(`no example says ${wanted}`);
  }
  return texts.map((text) => replacements.reduce((result, [from, to]) => result.replaceAll(from, to), text));
}

async function run(
  program: string | null,
  parameters: readonly string[],
  folder: string,
  port: number,
): Promise<void> {
  if (program === null) throw new Error('the proxy is not installed');
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  await until('the proxy to listen', async () => {
    if (child.exitCode !== null) throw new Error(`the proxy ended with code ${child.exitCode}:\n${output}`);
    return (await isListening(port)) ? { found: true, value: null } : { found: false, seen: output };
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
