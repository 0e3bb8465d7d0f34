import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectRaw } from './testing/raw-client.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'packages/callbox/dist/main.js');

let directory: string;

beforeAll(async () => {
  // The program that people run is the built one.
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/callbox'], {
    cwd: root,
  });
  directory = await mkdtemp(join(tmpdir(), 'callbox-main-'));
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Exit code and the milliseconds since `from`. */
  readonly exited: Promise<number | null>;
}

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, errors: () => errors, exited };
}

const signaling = ['--host', '127.0.0.1', '--roles', 'signaling', '--signal-port'];

async function startSignaling(port: number): Promise<Run> {
  const program = run([...signaling, String(port)]);
  await expect.poll(program.output, { timeout: 15_000, interval: 20 }).toContain('Ctrl-C');
  return program;
}

describe('a wrong configuration', () => {
  test.each([
    ['an unknown flag', ['--prot', '1'], {}, 'callbox: unknown option --prot; did you mean --port?\n'],
    [
      'a malformed block of addresses',
      ['--deny-peer', '10.0.0.0/33'],
      {},
      'callbox: --deny-peer "10.0.0.0/33": a block of addresses is wanted, such as 10.0.0.0/8 ' +
        '(an IPv4 prefix has at most 32 bits, not 33)\n',
    ],
    [
      'a port out of range in the environment',
      [],
      { CALLBOX_PORT: '65536' },
      'callbox: CALLBOX_PORT "65536": a port is a whole number from 0 to 65535\n',
    ],
    [
      'a file that is not there',
      ['--config', 'no.yaml'],
      {},
      'callbox: --config no.yaml: the file cannot be read (ENOENT)\n',
    ],
    [
      'an unknown key in the file',
      ['--config', 'wrong.yaml'],
      {},
      'callbox: wrong.yaml: unknown key "prot"; did you mean port?\n',
    ],
  ])('%s: one line on stderr, exit code 2', async (_what, args, environment, line) => {
    await writeFile(join(directory, 'wrong.yaml'), 'prot: 8080\n');
    const program = run(args, environment);
    expect(await program.exited).toBe(2);
    expect([program.errors(), program.output()]).toEqual([line, '']);
  });

  test('a certificate that does not belong to its key: one line on stderr, exit code 2', async () => {
    await writeFile(join(directory, 'cert.pem'), 'neither');
    const program = run(['--cert', 'cert.pem', '--key', 'cert.pem']);
    expect(await program.exited).toBe(2);
    expect(program.errors()).toMatch(/^callbox: --cert .* do not make a pair: [^\n]+\n$/);
  });
});

test('a port in use: one line on stderr, exit code 1', async () => {
  const other = createServer().listen(25_601, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const program = run([...signaling, '25601']);
  expect(await program.exited).toBe(1);
  expect([program.errors(), program.output()]).toEqual([
    'callbox: TCP port 25601 is already in use; end the program that uses it, or choose another with --signal-port\n',
    '',
  ]);
});

test('a data directory in use: one line on stderr, exit code 1; and free at once when its server is killed', async () => {
  const first = await startSignaling(25_605);
  const second = run([...signaling, '25606']);
  expect(await second.exited).toBe(1);
  expect([second.errors(), second.output()]).toEqual([
    `callbox: another server (process ${first.child.pid}) uses the data directory ${join(directory, 'callbox-data')}; end that one, or choose another with --data-dir\n`,
    '',
  ]);
  let last = first;
  for (let kills = 0; kills < 3; kills += 1) {
    last.child.kill('SIGKILL');
    last = await startSignaling(25_605);
  }
});

test.each([
  ['--help', /^callbox \[command\] \[options\]\n[^]+--relay-ports FIRST-LAST[^]+\n$/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s is printed to stdout, exit code 0', async (flag, text) => {
  const program = run([flag]);
  expect(await program.exited).toBe(0);
  expect(program.output()).toMatch(text);
  expect(program.errors()).toBe('');
});

describe('a running program', () => {
  test('says what it does in a few calm lines, and nothing on stderr', async () => {
    const program = await startSignaling(25_602);
    expect(program.output()).toContain('Callbox is running (signaling).');
    expect(program.output()).toContain('25602 TCP: signaling for pages, old ones too, served elsewhere');
    expect(program.output()).toContain('only calls between networks that can reach each other will work.');
    expect(program.errors()).toBe('');
  });

  test.skipIf(process.platform === 'win32')('SIGUSR2 has the figures of the relay logged', async () => {
    const program = run(['--host', '127.0.0.1', '--roles', 'turn', '--turn-port', '21478']);
    await expect.poll(program.output, { timeout: 15_000, interval: 20 }).toContain('Ctrl-C');
    program.child.kill('SIGUSR2');
    await expect.poll(program.errors, { interval: 20 }).toContain('"message":"figures of the relay"');
    const line =
      program
        .errors()
        .split('\n')
        .find((text) => text.includes('figures of the relay')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'info', allocations: 0, packets_from_clients_udp: 0 });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it within a second, exit code 0', async (signal) => {
    const begunAt = performance.now();
    const program = await startSignaling(25_603);
    const startMs = performance.now() - begunAt;
    const clients = await Promise.all([connectRaw(25_603), connectRaw(25_603)]);
    clients[1]?.socket.write('GET /half HTTP/1.1\r\n');
    const startedAt = performance.now();
    program.child.kill(signal);
    expect(await program.exited).toBe(0);
    // Or as long as its start took, where a machine is so busy that this is more.
    expect(performance.now() - startedAt).toBeLessThan(Math.max(1_000, startMs));
    expect(program.errors()).toBe('');
    await Promise.all(clients.map((client) => client.closed()));
  });

  test('goes on when nobody reads its output any more', async () => {
    const program = await startSignaling(25_604);
    program.child.stdout?.destroy();
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  });
});
