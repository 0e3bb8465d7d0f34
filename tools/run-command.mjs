import { spawn } from 'node:child_process';

/** What runs now. Each leads a process group of its own, so that it hears of a Ctrl-C from us alone. */
const running = new Set();

/** How long a command that was told to end may take over it. */
const graceMs = 10_000;

/**
 * Runs a command to its end, or to its deadline: then it is ended with all that it has started and that is still in its group.
 *
 * @param keepsOutput whether what it writes comes back with its end, in place of going to the terminal.
 * @returns `fault`, a word on how it ended where that is not well, else ''; and `output`.
 */
export function runCommand([program, ...parameters], { cwd, timeoutMs, keepsOutput = false }) {
  return new Promise((resolve) => {
    const out = keepsOutput ? 'pipe' : 'inherit';
    const child = spawn(program, parameters, { stdio: ['ignore', out, out], cwd, detached: true });
    running.add(child);
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
    const timers = [
      setTimeout(() => signalGroup(child, 'SIGTERM'), timeoutMs),
      setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs + graceMs),
    ];
    const end = (fault) => {
      for (const timer of timers) clearTimeout(timer);
      running.delete(child);
      resolve({ fault, output: Buffer.concat(chunks).toString() });
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => {
      const fault = code === 0 ? '' : signal === null ? `exit code ${code}` : `ended by ${signal}`;
      // What it has written last is still on its way; what it has left behind may hold the pipe for ever.
      const closed = setTimeout(() => end(fault), 1_000);
      child.once('close', () => {
        clearTimeout(closed);
        end(fault);
      });
    });
  });
}

/** Ends all that runs. */
export function signalAll(signal) {
  for (const child of running) signalGroup(child, signal);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them have ended.
  }
}
