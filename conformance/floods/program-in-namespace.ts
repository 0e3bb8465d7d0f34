import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

/** One of our programs in a namespace, which answers each command with one message. */
export interface ProgramInNamespace<Command, Report> {
  /** Its first message, which it sends by itself. */
  readonly first: Report;
  readonly ask: (command: Command) => Promise<Report>;
  readonly stop: () => Promise<void>;
}

/** Where and how a program runs. */
export interface Place {
  /** The command that enters the namespace. */
  readonly inside: readonly string[];
  readonly core: number;
  /** As of `nice`. */
  readonly niceness: number;
  readonly path: string;
  readonly arguments?: readonly string[];
}

export async function startInNamespace<Command extends object, Report>(
  program: Place,
): Promise<ProgramInNamespace<Command, Report>> {
  const { inside, core, niceness, path, arguments: given = [] } = program;
  const pinned = [
    'taskset',
    '-c',
    String(core),
    'nice',
    '-n',
    String(niceness),
    process.execPath,
    path,
    ...given,
  ];
  const [command = '', ...parameters] = [...inside, ...pinned];
  // In a session of its own: where the kernel groups processes by session, niceness counts between groups.
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  if (child.pid !== undefined) setGroupNiceness(child.pid, niceness);
  const exited = once(child, 'exit');
  const next = async (): Promise<Report> => {
    const ended = exited.then(() => {
      throw new Error(`${path} has ended`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [Report];
    return message;
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  };
  try {
    return {
      first: await next(),
      ask: (given) => {
        const answer = next();
        child.send(given);
        return answer;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function setGroupNiceness(pid: number, niceness: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // This kernel does not group them.
  }
}
