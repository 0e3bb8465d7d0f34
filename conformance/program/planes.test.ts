import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { allocate } from '../turn/allocation.ts';
import { createProgramWorld, serverHost } from './running-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'packages/callbox/dist/main.js');
const withoutKoffi = fileURLToPath(new URL('without-koffi.cjs', import.meta.url));
const turnPort = 24_096;
const CHANNEL = 0x4000;
const users = ['alice', 'berta', 'clara', 'dora'];

// A program that starts on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const world = createProgramWorld();
let directory: string;

beforeAll(async () => {
  // The program that people run is the built one.
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/callbox'], {
    cwd: root,
  });
  directory = await mkdtemp(join(tmpdir(), 'callbox-planes-'));
}, 120_000);
afterEach(() => world.end());
afterAll(() => rm(directory, { recursive: true }));

interface Running {
  /** The line about the data plane. */
  readonly line: string;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A relay as an operator starts one; what it says when it ends before it has begun. */
async function start(words: string, node: readonly string[] = []): Promise<Running | Ended> {
  const usual = ['--host', serverHost, '--roles', 'turn', '--turn-port', String(turnPort)];
  const allowed = [
    '--allow-peer',
    '127.0.0.0/8',
    ...users.flatMap((name) => ['--turn-user', `${name}:secret`]),
  ];
  const flags = [...usual, ...allowed, ...words.split(' ').filter((word) => word !== '')];
  const server = spawn(process.execPath, [...node, main, ...flags], { cwd: directory });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => server.once('close', resolve));
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await ended;
  });
  let code: number | null | undefined;
  void ended.then((given) => (code = given));
  await expect
    .poll(() => code !== undefined || output.includes('Ctrl-C'), { timeout: 45_000, interval: 20 })
    .toBe(true);
  if (code !== undefined) return { code, output };
  const lines = output.split('\n').filter((line) => line.includes('the data plane of the relay'));
  expect(lines).toHaveLength(1);
  return { line: lines.join('') };
}

function status(): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'status'], { cwd: directory }, (_error, output) => {
      resolve(output);
    });
  });
}

/** A packet there and back by way of the relay. */
async function talk(username: string): Promise<void> {
  const peer = await world.peer('127.1.0.9');
  const client = await world.client({ turnPort }, { username, password: 'secret' }, '127.1.0.1');
  const allocation = await allocate(client);
  await allocation.bind(CHANNEL, peer.address);
  allocation.sendOnChannel(CHANNEL, Uint8Array.of(1, 2, 3));
  const { payload, from } = await peer.received.take('a packet of the client');
  peer.send(from, payload);
  expect(Array.from((await allocation.nextChannelData()).payload)).toEqual([1, 2, 3]);
}

describe('the relay’s way of moving packets', () => {
  test('is the portable one where koffi is missing: all works, and one line says why', async () => {
    expect(await start('', ['--require', withoutKoffi])).toMatchObject({
      line: expect.stringMatching(/"plane":"dgram".*koffi cannot be used: Cannot find module/) as string,
    });
    await talk('alice');
    expect(await status()).toMatch(/Carried by +the server alone, on the dgram plane/);
  });

  test('is not begun with where another is demanded and koffi is missing', async () => {
    const ended = await start('--relay-plane linux', ['--require', withoutKoffi]);
    expect(ended).toMatchObject({
      code: expect.any(Number) as number,
      output: expect.stringMatching(/linux data plane does not work here: koffi cannot be used/) as string,
    });
    expect(ended).not.toMatchObject({ code: 0 });
  });

  test('is the portable one where the other is forbidden', async () => {
    expect(await start('--relay-plane dgram')).toMatchObject({
      line: expect.stringMatching(/"plane":"dgram".*it was asked for/) as string,
    });
    await talk('alice');
  });
});

// Its system calls are Linux's.
describe.skipIf(platform() !== 'linux')('on Linux the relay', () => {
  test('is the server alone while it has little to do', async () => {
    expect(await start('')).toMatchObject({ line: expect.stringMatching(/"plane":"linux"/) as string });
    await talk('alice');
    expect(await status()).toMatch(/Carried by +the server alone, on the linux plane/);
  });

  test('is shared by as many processes as are asked for, and the status says what each carries', async () => {
    expect(await start('--relay-workers 2')).toMatchObject({
      line: expect.stringMatching(/"workers":"2"/) as string,
    });
    for (const name of users) await talk(name);
    expect(await status()).toMatch(/Carried by +the server and 2 other processes, on the linux plane/);
    // What a process has carried is known when it says so next.
    await expect
      .poll(async () => (await status()).match(/process \d+: 2 relays, \d+ % of a core, 4 packets/g) ?? [], {
        timeout: 45_000,
        interval: 200,
      })
      .toHaveLength(2);
  });
});
