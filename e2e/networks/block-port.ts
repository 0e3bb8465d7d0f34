import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isIsolated } from './isolation.ts';

const run = promisify(execFile);

/**
 * Drops, without a word, what is sent to a port of this machine.
 *
 * @returns the way to let it through again.
 */
export async function blockPort(protocol: 'udp' | 'tcp', port: number): Promise<() => Promise<void>> {
  if (!isIsolated) throw new Error('the rules of this machine are not ours to change');
  const rule = ['OUTPUT', '--protocol', protocol, '--destination-port', String(port), '--jump', 'DROP'];
  await run('iptables', ['--wait', '--append', ...rule]);
  return async () => void (await run('iptables', ['--wait', '--delete', ...rule]));
}
