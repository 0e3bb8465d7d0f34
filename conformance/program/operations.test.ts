import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildProgram } from '../build-program.ts';
import { allocate, type Allocation } from '../turn/allocation.ts';
import { attribute, lifetime, METHOD, PROTOCOL, requestedTransport } from '../turn/client/turn-wire.ts';
import { createProgramWorld, serverHost } from './running-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'packages/callbox/dist/main.js');
const turnPort = 24_098;
const alice = { username: 'alice', password: 'wonderland' };

const world = createProgramWorld();
let directory: string;

beforeAll(async () => {
  buildProgram();
  directory = await mkdtemp(join(tmpdir(), 'callbox-operations-'));
}, 120_000);
afterEach(() => world.end());
afterAll(() => rm(directory, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs `callbox` with these words, in the directory of the server. */
function callbox(words: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words.split(' ')], { cwd: directory }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
    });
  });
}

/** A server as an operator starts one. */
async function startServer(): Promise<void> {
  const flags = ['--host', serverHost, '--roles', 'turn', '--turn-port', String(turnPort)];
  const server = spawn(process.execPath, [main, ...flags, '--turn-user', 'alice:wonderland'], {
    cwd: directory,
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await ended;
  });
  let output = '';
  server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, { timeout: 15_000, interval: 20 }).toContain('Ctrl-C');
}

async function allocated(host: string): Promise<Allocation> {
  return allocate(await world.client({ turnPort }, alice, host));
}

async function outcomeOf({ client }: Allocation, seconds?: number): Promise<string> {
  const attributes = seconds === undefined ? [] : [attribute(lifetime, seconds)];
  return (await client.request({ method: METHOD.refresh, attributes })).outcome;
}

describe('the operator of a running server', () => {
  test('sees whom it relays, and ends one of them', async () => {
    await startServer();
    const [first, second] = [await allocated('127.1.0.1'), await allocated('127.1.0.2')];
    const { output } = await callbox('sessions --json --addresses');
    const sessions = JSON.parse(output) as readonly {
      readonly id: number;
      readonly account: string;
      readonly client: { readonly address: string };
    }[];
    expect(sessions.map(({ account, client }) => [account, client.address])).toEqual([
      ['alice', '127.1.0.1'],
      ['alice', '127.1.0.2'],
    ]);
    expect((await callbox('sessions')).output.split('\n')).toHaveLength(4);

    expect(await callbox(`sessions end ${sessions[0]?.id}`)).toMatchObject({ code: 0, errors: '' });
    expect(await outcomeOf(first)).toBe('error 437');
    expect(await outcomeOf(second)).toBe('success');
    expect(await callbox(`sessions end ${sessions[0]?.id}`)).toEqual({
      code: 1,
      output: '',
      errors: `callbox: no session has the id ${sessions[0]?.id}\n`,
    });
  });

  test('drains it: nobody new, calls go on, and it is told when the last has ended', async () => {
    await startServer();
    const call = await allocated('127.1.0.1');
    expect(await callbox('drain')).toMatchObject({
      code: 0,
      output: 'The relay takes nobody new. Left: 1\n',
    });
    const newcomer = await world.client({ turnPort }, alice, '127.1.0.2');
    const attributes = [requestedTransport(PROTOCOL.udp)];
    expect((await newcomer.request({ method: METHOD.allocate, attributes })).outcome).toBe('error 508');
    expect(await outcomeOf(call)).toBe('success');
    expect(await callbox('drain --wait 1')).toMatchObject({
      code: 1,
      errors: 'callbox: after 1 seconds there are still 1 left\n',
    });
    const waiting = callbox('drain --wait 60');
    expect(await outcomeOf(call, 0)).toBe('success');
    expect(await waiting).toMatchObject({
      code: 0,
      output: expect.stringMatching(/The relay is empty\.\n$/) as string,
    });
    expect((await callbox('status')).output).toContain('drained: it takes nobody new');
  });

  test('asks for its status, alone: the socket is the owner’s', async () => {
    await startServer();
    await allocated('127.1.0.1');
    const { code, output, errors } = await callbox('status');
    expect([code, errors]).toEqual([0, '']);
    expect(output).toContain('(turn), up ');
    expect(output).toMatch(/success_allocate +1\n/);
    expect(output).toContain('0 B sent in');
    const { mode } = await stat(join(directory, 'callbox-data/admin.sock'));
    expect(mode & 0o777).toBe(0o600);
  });
});

test.each(['status', 'sessions', 'sessions end 1', 'drain'])(
  '%s where no server runs is answered in one line, exit code 1',
  async (words) => {
    expect(await callbox(`${words} --data-dir elsewhere`)).toEqual({
      code: 1,
      output: '',
      errors: `callbox: no server runs with the data directory ${join(directory, 'elsewhere')}; --data-dir names another\n`,
    });
  },
);

test.each([
  ['sessions halt 1', 'callbox: sessions is written alone, or with end and an id: callbox sessions end 7\n'],
  ['drain --wait soon', 'callbox: --wait "soon": a whole number of seconds is wanted\n'],
  ['sesions', 'callbox: unknown argument "sesions"; did you mean sessions?\n'],
])('%s is answered in one line, exit code 2', async (words, errors) => {
  expect(await callbox(words)).toEqual({ code: 2, output: '', errors });
});
