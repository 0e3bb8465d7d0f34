import { spawn } from 'node:child_process';
import { once } from 'node:events';

const START_DEADLINE_MS = 10_000;

/** Another program that runs beside the tests. */
export interface RunningProgram {
  /** Everything it has printed. */
  readonly output: () => string;
  /** Ends it and waits for its end. */
  readonly stop: () => Promise<void>;
}

/** Starts a program and waits until it has printed `ready`. */
export async function startProgram(
  path: string,
  programArguments: readonly string[],
  ready: string,
): Promise<RunningProgram> {
  const child = spawn(path, programArguments, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let output = '';
  const isReady = new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new Error(`${path} ${reason}:\n${output}`));
    };
    const timer = setTimeout(fail, START_DEADLINE_MS, `did not print "${ready}" in time`);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes(ready)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  await isReady.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { output: () => output, stop };
}
