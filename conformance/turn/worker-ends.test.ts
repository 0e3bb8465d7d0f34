import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allocate } from './allocation.ts';
import { createPeer } from './client/peer.ts';
import { createTurnClient } from './client/turn-client.ts';

const PROGRAM = fileURLToPath(new URL('servers/ending-server.mjs', import.meta.url));
const HOST = '127.0.0.1';
const CALLS = 6;
const CHANNEL = 0x4000;
const TICK_MS = 5;
/** What a service manager and a person at a terminal have patience for. */
const PATIENCE_MS = 1_000;

interface Beginning {
  readonly port: number;
  readonly workers: readonly number[];
}

interface Worker {
  readonly packets: number;
}

interface Loaded {
  readonly main: ChildProcess;
  readonly workers: readonly number[];
  /** How long it took until it listened. */
  readonly startMs: number;
  readonly end: () => Promise<void>;
}

/** Starts a server with two workers, and brings it into the middle of calls. */
async function startLoaded(): Promise<Loaded> {
  const begunAt = performance.now();
  const main = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const [{ port, workers }] = (await once(main, 'message')) as [Beginning];
  const startMs = performance.now() - begunAt;
  const peer = await createPeer(HOST);
  const clients = await Promise.all(
    // Relays of one user are carried by one worker.
    Array.from({ length: CALLS }, (_, number) =>
      createTurnClient({
        host: HOST,
        port,
        transport: 'udp',
        credential: { username: `user-${number}`, password: 'password' },
      }),
    ),
  );
  const calls = await Promise.all(clients.map((client) => allocate(client)));
  for (const call of calls) await call.bind(CHANNEL, peer.address);
  const load = setInterval(() => {
    for (const call of calls) call.sendOnChannel(CHANNEL, new Uint8Array(200));
  }, TICK_MS);
  await expect
    .poll(
      async () => {
        main.send('workers');
        const [shares] = (await once(main, 'message')) as [readonly Worker[]];
        return Math.min(...shares.map(({ packets }) => packets));
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(50);
  return {
    main,
    workers,
    startMs,
    end: async () => {
      clearInterval(load);
      main.kill('SIGKILL');
      await Promise.all([...clients.map((client) => client.close()), peer.close()]);
    },
  };
}

/** One that has ended and whose end nobody has asked for yet is no more. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

// Workers are Linux's, as their plane is.
describe.skipIf(platform() !== 'linux')('a server with two workers under load', () => {
  test.each([
    ['SIGTERM', (main: ChildProcess) => main.kill('SIGTERM')],
    ['SIGKILL', (main: ChildProcess) => main.kill('SIGKILL')],
    ['process.exit', (main: ChildProcess) => main.send('exit')],
    ['an uncaught error', (main: ChildProcess) => main.send('throw')],
    ['stop', (main: ChildProcess) => main.send('stop')],
  ])('ends within a second on %s, and so do its workers', async (_name, end) => {
    const { main, workers, startMs, end: clean } = await startLoaded();
    try {
      const ended = once(main, 'exit');
      const beganAt = performance.now();
      expect(end(main)).toBe(true);
      await ended;
      while (workers.some(isAlive) && performance.now() - beganAt < 10 * PATIENCE_MS) await delay(5);
      expect(workers.filter(isAlive)).toEqual([]);
      // Or as long as the start took, where a machine is so busy that this is more.
      expect(performance.now() - beganAt).toBeLessThan(Math.max(PATIENCE_MS, startMs));
      expect(workers).toHaveLength(2);
    } finally {
      await clean();
    }
  });
});
