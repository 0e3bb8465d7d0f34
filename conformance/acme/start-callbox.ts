import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findFreePort } from '../../e2e/program/free-port.ts';

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

export interface CallboxSettings {
  readonly port: number;
  readonly httpPort: number | 'off';
  readonly directoryUrl: string;
  /** Whom to trust for the authority's own HTTPS. */
  readonly caFile: string;
  /** Which names and addresses to ask for. */
  readonly flags: readonly string[];
  /** Listens on this address; 127.0.0.1 unless given, and everywhere where it is null. */
  readonly host?: string | null;
  /** Data of an earlier run; new otherwise. */
  readonly dataDirectory?: string;
}

/** The program, as an operator runs it. */
export interface Callbox {
  readonly port: number;
  readonly turnPort: number;
  readonly dataDirectory: string;
  readonly output: () => string;
  /** Ends it; its data stay. */
  readonly end: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

export async function startCallbox(settings: CallboxSettings): Promise<Callbox> {
  const dataDirectory = settings.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'callbox-acme-')));
  const [turnPort, signalPort] = [await findFreePort(), await findFreePort()];
  const { port, httpPort, directoryUrl, flags, host = '127.0.0.1' } = settings;
  const listening = host === null ? '' : `--host ${host} `;
  const line = `${listening}--port ${port} --http-port ${httpPort} --turn-port ${turnPort} --signal-port ${signalPort}`;
  const parameters = [...line.split(' '), '--data-dir', dataDirectory, '--acme-directory', directoryUrl];
  const child = spawn(process.execPath, [main, ...parameters, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: settings.caFile },
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  await expect.poll(() => output, { timeout: 60_000, interval: 20 }).toContain('Ctrl-C ends the server');
  return {
    port,
    turnPort,
    dataDirectory,
    output: () => output,
    end,
    stop: async () => {
      await end();
      await rm(dataDirectory, { recursive: true });
    },
  };
}
