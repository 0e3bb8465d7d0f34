import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const START_DEADLINE_MS = 10_000;
const POLL_MS = 50;

/** Another program that runs beside the tests. */
export interface RunningProgram {
  /** Ends it and waits for its end. */
  readonly stop: () => Promise<void>;
}

export interface ProgramToStart {
  readonly path: string;
  readonly arguments: readonly string[];
  /** Asked again and again with everything that the program has printed so far. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
}

/** Starts a program and waits until it is ready. Rejects with its output where it ends before, or takes too long. */
export async function startProgram(program: ProgramToStart): Promise<RunningProgram> {
  const child = spawn(program.path, program.arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (!hasEnded()) child.kill('SIGKILL');
    await exited;
  };

  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await program.isReady(output))) {
    if (hasEnded() || Date.now() > deadline) {
      await stop();
      throw new Error(`${program.path} did not start:\n${output}`);
    }
    await delay(POLL_MS);
  }
  return { stop };
}
