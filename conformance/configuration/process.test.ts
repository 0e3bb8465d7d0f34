import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allocate } from '../turn/allocation.ts';
import { secondsFromNow, timeLimitedCredential } from '../turn/client/credential.ts';
import { transportAddress } from '../turn/client/transport-address.ts';
import { createTurnClient } from '../turn/client/turn-client.ts';
import { attribute, METHOD, xorPeerAddress } from '../turn/client/turn-wire.ts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildProgram } from '../build-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'packages/callbox/dist/main.js');
let directory: string;

beforeAll(async () => {
  buildProgram();
  directory = await mkdtemp(join(tmpdir(), 'callbox-process-'));
}, 120_000);
afterAll(() => rm(directory, { recursive: true }));

function run(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: directory });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, errors: () => errors, exited };
}

test('verbose and log-file: reports of everything go to that file, and what is not done is among them; no secret is', async () => {
  await writeFile(
    join(directory, 'turnserver.conf'),
    [
      'listening-port=24051',
      'static-auth-secret=hunter2',
      'user=ana:hunter3',
      'verbose',
      `log-file=${join(directory, 'turn.log')}`,
      'no-auth',
      'syslog',
      'nonsense=hunter4',
    ].join('\n'),
  );
  const roles = ['--roles', 'turn,signaling', '--signal-port', '24052', '--host', '127.0.0.1'];
  const program = run(['--turnserver-conf', 'turnserver.conf', '--relay-ports', '24600-24699', ...roles]);
  await expect.poll(program.output, { timeout: 25_000, interval: 50 }).toContain('Ctrl-C');
  const readLog = (): Promise<string> => readFile(join(directory, 'turn.log'), 'utf8');
  // Of peers that are refused it speaks only where everything is wanted.
  const credential = timeLimitedCredential('hunter2', secondsFromNow(60));
  const client = await createTurnClient({ credential, transport: 'udp', host: '127.0.0.1', port: 24_051 });
  const attributes = [attribute(xorPeerAddress, transportAddress('10.0.0.1', 5_000))];
  const { client: allocated } = await allocate(client);
  const refused = await allocated.request({ method: METHOD.createPermission, attributes });
  expect(refused.outcome).toBe('error 403');
  await client.close();
  await expect.poll(readLog, { timeout: 5_000 }).toContain('"level":"debug"');
  const log = await readLog();
  const reports = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly level: string; readonly message: string });
  expect(reports.slice(0, 3).map(({ level, message }) => [level, message.split(': ')[0]])).toEqual([
    ['warn', 'turnserver.conf, line 6'],
    ['info', 'turnserver.conf, line 7'],
    ['warn', 'turnserver.conf, line 8'],
  ]);
  expect(program.errors()).toBe('');
  expect(log + program.output()).not.toContain('hunter');
  program.child.kill('SIGTERM');
  expect(await program.exited).toBe(0);
}, 60_000);

test('a configuration of signalmaster: its comments are none of our business, and what nobody knows is named', async () => {
  const config = {
    '// why': 'a comment',
    server: { port: 24_055, '/* secure */': '/* whether this connects via https */', secret_port: 1 },
    turnservers: [{ urls: 'turn:a.example', secret: 'hunter2', ttl: 5 }],
  };
  await writeFile(join(directory, 'commented.json'), JSON.stringify(config));
  const roles = ['--roles', 'signaling', '--host', '127.0.0.1', '--data-dir', 'commented'];
  const program = run(['--signalmaster-config', 'commented.json', ...roles]);
  await expect.poll(program.output, { timeout: 25_000, interval: 50 }).toContain('Ctrl-C');
  expect((await fetch('http://127.0.0.1:24055/healthcheck')).status).toBe(200);
  const told = program
    .errors()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly level: string; readonly message: string })
    .filter(({ message }) => message.startsWith('commented.json'))
    .map(({ level, message }) => [level, message.split(' is ')[0]]);
  expect(told).toEqual([
    ['warn', 'commented.json, turnservers[0].ttl'],
    ['warn', 'commented.json, server.secret_port'],
  ]);
  expect(program.errors() + program.output()).not.toContain('hunter2');
}, 60_000);

test('migrate prints a configuration, and nothing else happens', async () => {
  await writeFile(join(directory, 'small.conf'), 'listening-port=1111\n');
  const migrating = run(['migrate', '--turnserver-conf', 'small.conf', '--data-dir', 'untouched']);
  expect(await migrating.exited).toBe(0);
  expect(migrating.output()).toMatch(/^# small\.conf, line 1: listening-port\nturn-port: 1111$/mu);
  expect(existsSync(join(directory, 'untouched'))).toBe(false);
}, 30_000);

test('migrate without a file, and a file that is wrong, end with 2 and one line', async () => {
  const nothing = run(['migrate']);
  expect(await nothing.exited).toBe(2);
  expect(nothing.errors()).toMatch(
    /^callbox: migrate: name a file of another program \(--turnserver-conf FILE, .*\)\n$/u,
  );
  await writeFile(join(directory, 'production.json'), '{ "server": { "port": 8888 }');
  const wrong = run(['start', '--signalmaster-config', 'production.json']);
  expect(await wrong.exited).toBe(2);
  expect(wrong.errors()).toMatch(/^callbox: production\.json, line 1, column \d+: this is not JSON\n$/u);
}, 30_000);
