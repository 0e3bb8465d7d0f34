// Two network namespaces joined by veth, with GRO off: what the load sends one by one arrives one by one.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

const groOff = fileURLToPath(new URL('./turn-gro-off.mjs', import.meta.url));

export const ADDRESS = { server: '10.98.0.1', load: '10.98.0.2' };

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
      run('-n', names[side], 'addr', 'add', `${ADDRESS[side]}/24`, 'dev', 'veth0');
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
