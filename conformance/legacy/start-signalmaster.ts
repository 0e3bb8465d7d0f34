import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A signalmaster that runs. */
export interface Signalmaster {
  readonly url: string;
  /** Whether it still runs. */
  isAlive(): boolean;
  stop(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts the signalmaster of a directory, with `node_modules` in it, with this configuration.
 *
 * @throws Error with what it printed, where it ends before it listens
 */
export async function startSignalmaster(
  directory: string,
  config: Readonly<Record<string, unknown>>,
): Promise<Signalmaster> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-signalmaster-'));
  const port = await findFreePort();
  await writeFile(join(folder, 'suite.json'), JSON.stringify({ ...config, server: { port } }));
  const child = spawn(process.execPath, ['server.js'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], NODE_ENV: 'suite', GETCONFIG_ROOT: folder },
  });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('is running at')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`signalmaster did not start: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
