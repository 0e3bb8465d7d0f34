// Starting the servers and the load, each on its core in its namespace, and what their processes have cost.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keyPairFiles } from './key-pair.mjs';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** None of them outlives this process. */
const living = new Set();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Servers and load go before all else that wants their cores (SCHED_RR), where that is allowed: the rest of the machine is not what is measured. */
export const goFirst = spawnSync('chrt', ['-r', '1', 'true']).status === 0;
const priority = goFirst ? ['chrt', '-r', '1'] : [];

function inNamespace(namespace, core, command, options) {
  const place = ['ip', 'netns', 'exec', namespace, 'taskset', '-c', String(core)];
  const [program, ...words] = [...priority, ...place, ...command];
  const child = spawn(program, words, options);
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** A process that answers questions. */
function askable(child) {
  const waiting = new Map();
  let next = 0;
  child.on('message', ({ id, result, error }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error));
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process is gone: ${signal ?? code}`));
  });
  return (name, options = {}) =>
    new Promise((resolve, reject) => {
      next += 1;
      waiting.set(next, { resolve, reject });
      child.send({ id: next, name, options });
    });
}

async function startNode(namespace, core, file, options, flags = []) {
  // What one says that is made to fail is of no interest.
  const stdio = ['ignore', 'inherit', options.mayFail === true ? 'ignore' : 'inherit', 'ipc'];
  const command = [process.execPath, ...flags, at(file), JSON.stringify(options)];
  const child = inNamespace(namespace, core, command, { stdio });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
  ]);
  return { child, ended, ask: askable(child) };
}

/** Starts ours with options of server.mjs: `{ address, plane: 'linux' }`. */
export async function startOurs(namespace, core, options, flags = []) {
  const { child, ended, ask } = await startNode(namespace, core, './server.mjs', options, flags);
  return {
    pid: child.pid,
    ended,
    ask,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts what answers by the system calls alone, with options of floor.mjs. */
export async function startFloor(namespace, core, options) {
  const { child, ended } = await startNode(namespace, core, './floor.mjs', options);
  return {
    pid: child.pid,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const coturnAt = (address) => [
  'turnserver',
  '-n',
  '--lt-cred-mech',
  '--user=bench:bench',
  '--realm=bench',
  `--cert=${keyPairFiles().cert}`,
  `--pkey=${keyPairFiles().key}`,
  '--no-dtls',
  '--no-cli',
  '--no-stdout-log',
  '--log-file=/dev/null',
  '--pidfile=/dev/null',
  `--listening-ip=${address}`,
  `--relay-ip=${address}`,
  '--listening-port=3478',
];

/** Starts Debian's coturn with its defaults, as far as they allow a load from one address. */
export async function startCoturn(namespace, core, address) {
  const child = inNamespace(namespace, core, coturnAt(address), {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  // It says nothing when it is ready; it has bound its port then.
  const deadline = Date.now() + 10_000;
  while (!isBound(child.pid, address)) {
    if (Date.now() > deadline) throw new Error('coturn does not listen');
    await pause(50);
  }
  return {
    pid: child.pid,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Addresses are there by octets, the last one first; 3478 is 0D96. */
function isBound(pid, address) {
  const octets = Buffer.from(address.split('.').map(Number).toReversed());
  try {
    return readFileSync(`/proc/${pid}/net/udp`, 'utf8').includes(
      `${octets.toString('hex').toUpperCase()}:0D96 `,
    );
  } catch {
    return false;
  }
}

/** Starts a load with options of generate.mjs: where it sends from and to, and what. */
export async function startLoad(namespace, core, options) {
  const { child, ended, ask } = await startNode(namespace, core, './generate.mjs', options);
  return {
    ask,
    /** Gives allocations back first, unless they are to stay. */
    end: async ({ isKept = false } = {}) => {
      if (!isKept) await ask('end').catch(() => undefined);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What all threads of a process have had of a processor so far. */
export function processorTime(pid) {
  return familyOf(pid)
    .map(processorTimeOfOne)
    .reduce((sum, one) => ({
      us: sum.us + one.us,
      userTicks: sum.userTicks + one.userTicks,
      systemTicks: sum.systemTicks + one.systemTicks,
    }));
}

/** A process and its children: the workers of a relay are. */
function familyOf(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean);
    } catch {
      // A thread that has just ended, or a kernel that does not tell.
      return [];
    }
  });
  return [pid, ...children];
}

function processorTimeOfOne(pid) {
  let ns = 0;
  let [user, system] = [0, 0];
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
      const fields = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').split(') ')[1].split(' ');
      user += Number(fields[11]);
      system += Number(fields[12]);
    } catch {
      // A thread that has just ended.
    }
  }
  return { us: ns / 1000, userTicks: user, systemTicks: system };
}

/** Ticks of a core since the start of the machine, in interrupts and in all. */
export function coreTicks(core) {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`cpu${core} `));
  const [user, nice, system, idle, wait, hard, soft] = line.split(/ +/u).slice(1).map(Number);
  return { softirq: soft, hardirq: hard, busy: user + nice + system + hard + soft, idle: idle + wait };
}

/** Memory of a process: pages that are its own or shared (RSS), and the same with shared pages divided by those who share them (PSS). */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(text)[1]);
  return { pssKb: read('Pss'), rssKb: read('Rss') };
}
