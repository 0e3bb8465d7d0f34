import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../program/find-program.ts';

/**
 * Starts an HTTP proxy in a namespace, which connects (CONNECT, RFC 9110 §9.3.6) to port 443 and no other.
 *
 * @returns what ends it.
 */
export async function startProxy(
  namespace: string,
  address: string,
  port: number,
): Promise<() => Promise<void>> {
  const program = findProgram(['tinyproxy']);
  if (program === null) throw new Error('there is no tinyproxy on this machine');
  const folder = await mkdtemp(join(tmpdir(), 'callbox-proxy-'));
  const file = join(folder, 'tinyproxy.conf');
  const lines = [
    `Listen ${address}`,
    `Port ${port}`,
    'ConnectPort 443',
    'LogLevel Warning',
    `LogFile "${join(folder, 'log')}"`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const proxy = spawn('ip', ['netns', 'exec', namespace, program, '-d', '-c', file], { stdio: 'ignore' });
  const exit = new Promise((resolve) => proxy.once('exit', resolve));
  return async () => {
    proxy.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
}
