import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import { findFreePort } from './free-port.ts';

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

/** A running Callbox, with a data folder and ports of its own. */
export interface Program {
  /** Where a guest on this machine finds its pages: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly port: number;
  readonly signalPort: number;
  readonly turnPort: number;
  readonly dataDir: string;
  /** All it has written so far. */
  output(): string;
  /** Asks it to end, as Ctrl-C does, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface ProgramOptions {
  /** Options beside the ports and the data folder. */
  readonly flags?: readonly string[];
  /** Fills the data folder before the start. */
  readonly prepare?: (dataDir: string) => Promise<void>;
}

/** Starts the built program, and waits until it says that it is well. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const dataDir = await mkdtemp(join(tmpdir(), 'callbox-data-'));
  await options.prepare?.(dataDir);
  const [port, signalPort, turnPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const ports = ['--port', port, '--signal-port', signalPort, '--turn-port', turnPort].map(String);
  const child = spawn(process.execPath, [main, ...ports, '--data-dir', dataDir, ...(options.flags ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const origin = `http://127.0.0.1:${port}`;
  try {
    await waitUntilHealthy(origin, child, () => output);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    origin,
    port,
    signalPort,
    turnPort,
    dataDir,
    output: () => output,
    stop: async () => {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const code = await exit;
      clearTimeout(timer);
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

async function waitUntilHealthy(origin: string, child: ChildProcess, output: () => string): Promise<void> {
  await until('the program to be healthy', async () => {
    if (child.exitCode !== null)
      throw new Error(`the program ended with code ${child.exitCode}:\n${output()}`);
    try {
      const response = await fetch(`${origin}/healthz`);
      if (response.status === 200) return { found: true, value: null };
      return { found: false, seen: response.status };
    } catch (error) {
      return { found: false, seen: String(error) };
    }
  });
}
