import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort } from '../program/free-port.ts';
import { until } from '../until.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');
const minuteMs = 60_000;

/** What a start may take when everything is installed and built. */
const LATER_START_MS = 2_000;

let folder: string;
let clone: string;
let started: Started | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callbox-clone-'));
  clone = join(folder, 'callbox');
  await run('git', ['clone', '--quiet', repository, clone]);
});

afterEach(() => started?.kill());

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a fresh clone', () => {
  test(
    'npm start installs, builds, says where to open it, and serves',
    { timeout: 10 * minuteMs },
    async () => {
      const { port, flags } = await choosePorts();
      started = startInClone('npm', ['start', '--', ...flags]);
      await waitUntilServed(started, port, 8 * minuteMs);
      expect(started.stdout()).toContain(`http://localhost:${port}`);
      const page = await fetch(`http://localhost:${port}/r/first`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<script type="module"');
    },
  );

  test('a later start takes less than two seconds', { timeout: 2 * minuteMs }, async () => {
    // The best of three: what the machine does besides only ever adds.
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { port, flags } = await choosePorts();
      const start = performance.now();
      started = startInClone('npm', ['start', '--', ...flags]);
      await waitUntilServed(started, port, minuteMs);
      times.push(performance.now() - start);
      await started.pressCtrlC();
    }
    const best = Math.min(...times);
    // Where more wants to run than there are cores for, a start gets its share of them and takes as much longer.
    const allowedMs = LATER_START_MS * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    process.stdout.write(
      `later starts: ${times.map(inSeconds).join(', ')}; allowed: ${inSeconds(allowedMs)}\n`,
    );
    expect(best).toBeLessThan(allowedMs);
  });

  test('Ctrl-C ends it cleanly: it says so, npm has nothing to complain of, and nothing is left', async () => {
    const { port, flags } = await choosePorts();
    started = startInClone('npm', ['start', '--', ...flags]);
    await waitUntilServed(started, port, minuteMs);
    await started.pressCtrlC();
    expect(started.stdout()).toMatch(/Callbox is ending\.\n$/);
    expect(started.stderr()).not.toContain('npm error');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });

  // npm tells the shell's exit code, and some shells call every Ctrl-C a failure: the program's own is asked for.
  test('Ctrl-C ends the program with exit code 0', async () => {
    const { port, flags } = await choosePorts();
    started = startInClone(process.execPath, ['tools/start.mjs', ...flags]);
    await waitUntilServed(started, port, minuteMs);
    expect(await started.pressCtrlC()).toBe(0);
  });

  test('a port in use is named in one line, with the option that changes it', async () => {
    const { flags } = await choosePorts();
    const squatter = createServer();
    const port = await new Promise<number>((resolve) => {
      squatter.listen(0, () => {
        const address = squatter.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    try {
      const parameters = ['packages/callbox/dist/main.js', ...flags.slice(2), '--port', String(port)];
      const failure = await run(process.execPath, parameters, { cwd: clone, timeout: 20_000 }).catch(
        (error: unknown) => error as { code: number; stderr: string; stdout: string },
      );
      expect(failure).toMatchObject({ code: 1, stdout: '' });
      expect(failure.stderr).toMatch(/^callbox: [^\n]+\n$/);
      expect(failure.stderr).toContain(String(port));
      expect(failure.stderr).toContain('--port');
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });
});

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

async function choosePorts(): Promise<{ port: number; flags: string[] }> {
  const [port, signalPort, turnPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const flags = ['--port', port, '--signal-port', signalPort, '--turn-port', turnPort].map(String);
  return { port, flags };
}

interface Started {
  stdout(): string;
  stderr(): string;
  hasEnded(): boolean;
  /** Does what a terminal does: every process in front of it gets the signal. Resolves with the exit code. */
  pressCtrlC(): Promise<number | null>;
  kill(): void;
}

/** Starts something in the clone, in a process group of its own. */
function startInClone(program: string, parameters: readonly string[]): Started {
  const child = spawn(program, parameters, {
    cwd: clone,
    detached: true,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    pressCtrlC: () => {
      signalGroup(child, 'SIGINT');
      return exit;
    },
    kill: () => signalGroup(child, 'SIGKILL'),
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Everyone in the group has ended already.
  }
}

/** The environment of a person's shell: without what npm and the test runner have put into ours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|VITE_|NODE_ENV$|TEST$|DEV$)/.test(name),
  );
  return Object.fromEntries(entries);
}

async function waitUntilServed(program: Started, port: number, deadlineMs: number): Promise<void> {
  await until(
    'npm start to serve',
    async () => {
      if (program.hasEnded()) throw new Error(`it has ended:\n${program.stdout()}\n${program.stderr()}`);
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch((error: unknown) => String(error));
      const found = typeof answer !== 'string' && answer.status === 200;
      return found ? { found, value: null } : { found, seen: `${program.stdout()}${program.stderr()}` };
    },
    deadlineMs,
  );
}
