// The relay under test. Commands come from the soak over IPC; each answer carries what was measured inside.
import { readFileSync, readdirSync } from 'node:fs';
import { COUNTERS, SLOTS, countersOf } from './shared-memory.mjs';
import { Slots } from './slots.mjs';

const options = JSON.parse(process.argv[2]);
const slots = new Slots(options);
if (options.exitHook) process.on('exit', () => slots.stopNow());
if (options.onTerm) process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

function memory(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const read = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]);
    return { rssKb: read('Rss'), pssKb: read('Pss'), ownKb: read('Private_Dirty') + read('Private_Clean') };
  } catch {
    return undefined;
  }
}

/** Ticks of 10 ms, user and system, of one process with all its threads. */
function ticks(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return [Number(fields[11]), Number(fields[12])];
}

/** Nanoseconds on a processor, of every thread alive. */
function runtime(pid) {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return sum;
}

function stats() {
  const children =
    options.kind === 'processes' ? [...slots.workers, slots.spare].filter(Boolean).map((w) => w.pid) : [];
  const pids = [process.pid, ...children];
  const drops = readFileSync('/proc/self/net/udp', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`:${options.port.toString(16).toUpperCase().padStart(4, '0')} `))
    .map((line) => Number(line.trim().split(/\s+/).at(-1)));
  return {
    pids,
    memory: pids.map(memory),
    cpu: pids.map(ticks),
    runtime: pids.map(runtime),
    fds: readdirSync('/proc/self/fd').length,
    childFds: children.map((pid) => readdirSync(`/proc/${pid}/fd`).length),
    ledger: slots.ledger.size,
    drops,
    counters: Array.from({ length: SLOTS }, (_, slot) =>
      Object.fromEntries([...countersOf(slots.shared.buffer, slot)].map((value, i) => [COUNTERS[i], value])),
    ),
  };
}

function ping(slot) {
  const at = Number(process.hrtime.bigint());
  return new Promise((resolve) => {
    slots.once('pong', (message) => {
      const now = Number(process.hrtime.bigint());
      resolve([(message.seen - at) / 1000, (now - at) / 1000]);
    });
    slots.workers[slot].send({ type: 'ping', at });
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function failSlot({ slot, how, limitMs = 3000 }) {
  const victim = slots.workers[slot];
  const began = performance.now();
  const attached = new Promise((resolve) => slots.once('attached', resolve));
  if (how === 'kill') void victim.kill();
  else victim.send({ type: 'fail', how });
  if (how === 'spin' || how === 'native') {
    await pause(200);
    void victim.kill();
  }
  const worker = await Promise.race([attached, pause(limitMs)]);
  const done = performance.now();
  if (worker === undefined) return { how, replaced: false, diedMs: victim.diedAt && victim.diedAt - began };
  return {
    how,
    replaced: true,
    reason: victim.reason,
    diedMs: victim.diedAt - began,
    gapMs: done - victim.diedAt,
    bootMs: worker.bootMs,
  };
}

function end(how) {
  if (how === 'exit') process.exit(0);
  if (how === 'throw')
    setImmediate(() => {
      throw new Error('on purpose');
    });
  if (how === 'term') process.kill(process.pid, 'SIGTERM');
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  if (how === 'worker-pointer') slots.workers[0].send({ type: 'fail', how: 'pointer' });
}

const commands = {
  stats: async () => stats(),
  fail: failSlot,
  spareReady: async () => {
    for (let i = 0; i < 300 && slots.spare === undefined; i += 1) await pause(5);
    return slots.spare !== undefined;
  },
  ping: async ({ slot, times, everyMs }) => {
    const all = [];
    for (let i = 0; i < times; i += 1) {
      all.push(await ping(slot));
      await pause(everyMs);
    }
    return all;
  },
  end: async ({ how }) => setImmediate(end, how),
};

async function answer({ id, command, ...rest }) {
  process.send({ id, result: await commands[command](rest) });
}
// A command that fails ends the process: the soak must not go on without it.
process.on('message', (message) => void answer(message));

const began = performance.now();
await slots.start();
process.send({
  id: 0,
  result: {
    startMs: performance.now() - began,
    boots: slots.workers.map((w) => w.bootMs),
    pids: slots.workers.map((w) => w.pid),
  },
});
