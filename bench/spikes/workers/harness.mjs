// Starts the server and the load in their namespaces and talks to them.
import { spawn } from 'node:child_process';

const here = (name) => new URL(`./${name}`, import.meta.url).pathname;
const inside = (namespace, core, file, options, flags = []) =>
  spawn(
    'ip',
    [
      'netns',
      'exec',
      namespace,
      'nice',
      '-n',
      '10',
      ...(core === '' ? [] : ['taskset', '-c', core]),
      process.execPath,
      ...flags,
      here(file),
      JSON.stringify(options),
    ],
    { stdio: ['ignore', 'inherit', process.env.QUIET ? 'ignore' : 'inherit', 'ipc'] },
  );

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function startServer(options) {
  const full = {
    ip: '10.99.0.1',
    port: 41000,
    messages: 'port',
    timeoutMs: -1,
    exitHook: true,
    core: '',
    join: 'kernel',
    ...options,
  };
  const child = inside('wk-srv', full.core, 'server.mjs', full);
  const waiting = new Map();
  let next = 1;
  const exited = new Promise((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal, at: performance.now() })),
  );
  const started = new Promise((resolve) => waiting.set(0, resolve));
  child.on('message', ({ id, result }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const ask = (command, rest = {}) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      if (child.connected) child.send({ id, command, ...rest }, () => {});
      void exited.then(() => resolve(undefined));
    });
  const info = await Promise.race([started, exited]);
  return {
    child,
    ask,
    exited,
    info,
    pid: child.pid,
    end: async () => {
      void ask('end', { how: 'exit' });
      return Promise.race([exited, pause(3000).then(() => child.kill('SIGKILL'))]);
    },
  };
}

export async function startLoad(options) {
  const child = inside('wk-gen', options.core ?? '', 'generate.mjs', {
    server: '10.99.0.1',
    port: 41000,
    ip: '10.99.0.2',
    ...options,
  });
  let hear;
  const got = { started: new Promise((a) => (hear = { started: a })) };
  got.sent = new Promise((a) => (hear.sent = a));
  got.result = new Promise((a) => (hear.result = a));
  child.on('message', (m) => (m.started ? hear.started(m) : m.sent ? hear.sent(m) : hear.result(m)));
  const bound = await got.started;
  return { child, bound, sent: got.sent, result: got.result };
}
