// How long the whole relay takes to end, with and without load: `node ends.mjs KIND`.
import { existsSync, readFileSync } from 'node:fs';
import { pause, startLoad, startServer } from './harness.mjs';

const [kind, only] = process.argv.slice(2);
/** Name of the case, then what the server is told. */
const cases = Object.entries({
  'process.exit()': { how: 'exit' },
  'uncaught error in main': { how: 'throw' },
  'SIGTERM, no handler': { how: 'term' },
  'SIGTERM, handler calls exit': { how: 'term', onTerm: true },
  'SIGKILL of main': { how: 'kill' },
  ...(kind === 'threads' && {
    'process.exit(), no exit hook': { how: 'exit', exitHook: false },
    'process.exit(), no exit hook, timeout 100 ms': { how: 'exit', exitHook: false, timeoutMs: 100 },
    'bad pointer in a worker': { how: 'worker-pointer' },
  }),
  'process.exit(), one worker spinning': { how: 'exit', stuck: 'spin' },
  'process.exit(), one worker in a blocking call': { how: 'exit', stuck: 'native' },
  'SIGKILL of main, one worker spinning': { how: 'kill', stuck: 'spin' },
});
const alive = (pid) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

for (const [name, options] of cases) {
  if (only && !name.includes(only)) continue;
  for (const loaded of [true, false]) {
    const server = await startServer({ kind, ...options });
    const load = loaded ? await startLoad({ seconds: 1.5 }) : undefined;
    await pause(400);
    if (options.stuck) void server.ask('fail', { slot: 0, how: options.stuck, limitMs: 60000 });
    if (options.stuck) await pause(100);
    const { pids } = await server.ask('stats');
    const began = performance.now();
    void server.ask('end', { how: options.how });
    const exit = await Promise.race([server.exited, pause(3000)]);
    const mainMs = exit ? exit.at - began : Infinity;
    const deadline = performance.now() + 3000;
    while (pids.slice(1).some(alive) && performance.now() < deadline) await pause(1);
    const allMs = performance.now() - began;
    console.log(
      `${kind} | ${name} | ${loaded ? 'load' : 'idle'} | main ${exit ? mainMs.toFixed(0) : 'NOT within 3000'} ms (${exit?.signal ?? exit?.code})` +
        (kind === 'processes'
          ? ` | children ${pids.slice(1).some(alive) ? 'NOT gone' : allMs.toFixed(0)} ms`
          : ''),
    );
    if (!exit) server.child.kill('SIGKILL');
    await load?.result;
  }
}
