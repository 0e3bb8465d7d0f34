// Two network namespaces joined by veth, with GRO off: what the load sends one by one arrives one by one.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

const groOff = fileURLToPath(new URL('./turn-gro-off.mjs', import.meta.url));

/** The servers of a round have an address each, and so have loads: what one leaves behind is not in the next one's way. */
const SERVERS = 8;
const LOADS = 64;
export const serverAddress = (index) => `10.98.0.${1 + (index % SERVERS)}`;
export const loadAddress = (index) => `10.98.1.${1 + (index % LOADS)}`;

/** Makes them; their names hold the number of this process, so that two benches do not meet. */
export function openNetwork() {
  const names = { server: `bench-s${process.pid}`, load: `bench-l${process.pid}` };
  const close = () => {
    for (const name of Object.values(names)) {
      try {
        run('netns', 'del', name);
      } catch {
        // It was not there.
      }
    }
  };
  try {
    for (const name of Object.values(names)) run('netns', 'add', name);
    run(
      'link',
      'add',
      'veth0',
      'netns',
      names.server,
      'type',
      'veth',
      'peer',
      'name',
      'veth0',
      'netns',
      names.load,
    );
    for (const side of ['server', 'load']) {
      const addresses =
        side === 'server'
          ? Array.from({ length: SERVERS }, (_, index) => serverAddress(index))
          : Array.from({ length: LOADS }, (_, index) => loadAddress(index));
      for (const address of addresses) run('-n', names[side], 'addr', 'add', `${address}/16`, 'dev', 'veth0');
      run('-n', names[side], 'link', 'set', 'veth0', 'up');
      run('-n', names[side], 'link', 'set', 'lo', 'up');
      run('netns', 'exec', names[side], process.execPath, groOff, 'veth0');
    }
  } catch (error) {
    close();
    throw error;
  }
  // However this process ends, they go with it.
  process.once('exit', close);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  return { names, close };
}
