import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DirectoryTakenError } from './directory-taken-error.ts';
import { answersAt, openLifeSocket, type LifeSocket } from './life-socket.ts';
import { parseHolder, type Holder } from './parse-holder.ts';
import { readMachineName } from './read-machine-name.ts';

/** A directory that no other process locks until it is released, or this process is gone. */
export interface DirectoryLock {
  readonly release: () => Promise<void>;
}

export interface LockOptions {
  /** How long to wait for one that may be about to end, in milliseconds: 2,000. */
  readonly patienceMs?: number;
  /** How often a holder shows on a shared drive that it lives, in milliseconds: 2,000. */
  readonly beatMs?: number;
  /** How long to look for that, in milliseconds: 10,000, for a shared drive may show it late. */
  readonly watchMs?: number;
  /** The same for all processes that reach each other's sockets; by default the kernel's. */
  readonly machine?: string;
}

interface Place extends Required<LockOptions> {
  readonly directory: string;
}

const lockPattern = /^lock\.(?<number>[1-9]\d{0,14})$/;
const tracePattern = /^lock-[0-9a-f]+\.(?:sock|time)$/;
/** Who has shown nothing for so many beats is gone, and need not be watched. */
const beatsOfTheDead = 15;
const pollMs = 100;

/**
 * Locks a directory for this process, with nothing to clean up after one that was killed.
 *
 * Node.js offers no lock of the operating system, so it is one of files. Each holder has a number, and the highest counts:
 * whoever finds the process of that one dead makes the file of the next, which one alone can do. A holder removes the numbers
 * below its own and never its own, not even in the end: so whoever was slow cannot take a number that has been had before
 * without finding a higher one beside it.
 *
 * Whether a process lives is asked of a socket beside the file, which tells it at once and across containers, where numbers
 * of processes repeat. One of another machine, on a shared drive, or from before a boot, is watched for a while instead: a
 * living one writes its file again and again.
 *
 * @throws DirectoryTakenError when a living process has it, or the system's error when the directory cannot be written to
 */
export async function lockDirectory(directory: string, options: LockOptions = {}): Promise<DirectoryLock> {
  const { patienceMs = 2_000, beatMs = 2_000, watchMs = 10_000, machine = readMachineName() } = options;
  const place: Place = { directory, patienceMs, beatMs, watchMs, machine };
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const last = (await listNumbers(directory)).at(-1) ?? 0;
    const living = last === 0 ? undefined : await findLiving(place, last);
    if (living === undefined) {
      const lock = await take(place, last + 1);
      if (lock !== undefined) return lock;
    } else if (performance.now() >= deadline) {
      throw new DirectoryTakenError(directory, living.machine === machine ? living.pid : undefined);
    } else {
      await wait(pollMs);
    }
  }
}

/** The numbers that have been taken, the highest last. */
async function listNumbers(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory);
  const numbers = names.map((name) => Number(lockPattern.exec(name)?.groups?.['number']));
  return numbers.filter((number) => !Number.isNaN(number)).toSorted((one, other) => one - other);
}

const pathOf = (directory: string, number: number): string => join(directory, `lock.${number}`);

/** The holder of this number, as far as it is known, if it lives. */
async function findLiving(place: Place, number: number): Promise<Partial<Holder> | undefined> {
  const path = pathOf(place.directory, number);
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  // A higher number has taken its place.
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  const socket = holder?.machine === place.machine ? holder.socket : null;
  const isLiving = socket === null ? await isWritten(place, path) : await answersAt(place.directory, socket);
  return isLiving ? (holder ?? {}) : undefined;
}

/** Whether somebody writes the file again and again. */
async function isWritten({ directory, beatMs, watchMs }: Place, path: string): Promise<boolean> {
  const first = await writtenAt(path);
  if (first === undefined || (await clockOf(directory)) - first > beatsOfTheDead * beatMs) return false;
  for (const until = performance.now() + watchMs; performance.now() < until;) {
    await wait(Math.min(beatMs, pollMs));
    if ((await writtenAt(path)) !== first) return true;
  }
  return false;
}

/** Milliseconds, by the clock of whoever keeps the files; undefined for what is not there any more. */
async function writtenAt(path: string): Promise<number | undefined> {
  return (await stat(path).catch(ignoreMissing))?.mtimeMs;
}

/** The time by that clock: ours may be another. */
async function clockOf(directory: string): Promise<number> {
  const path = join(directory, `lock-${randomBytes(8).toString('hex')}.time`);
  await writeFile(path, '', { mode: 0o600 });
  const { mtimeMs } = await stat(path);
  await rm(path, { force: true });
  return mtimeMs;
}

/** Takes the number, unless somebody else has it or a higher one. */
async function take(
  { directory, machine, beatMs }: Place,
  number: number,
): Promise<DirectoryLock | undefined> {
  // Another name for each try: whoever has the lock removes the sockets of all others.
  const name = `lock-${randomBytes(8).toString('hex')}.sock`;
  const socket = await openLifeSocket(directory, name);
  try {
    const holder: Holder = { machine, pid: process.pid, socket: socket === undefined ? null : name };
    const [path, text] = [pathOf(directory, number), JSON.stringify(holder)];
    const isNew = await writeFile(path, text, { mode: 0o600, flag: 'wx' }).then(() => true, ignoreExisting);
    if (isNew && (await listNumbers(directory)).at(-1) === number) {
      await removeTraces(directory, number, name);
      return hold(path, text, socket, beatMs);
    }
  } catch (error) {
    await socket?.close();
    throw error;
  }
  await socket?.close();
  return undefined;
}

/** What earlier holders left, and those who did not become one. */
async function removeTraces(directory: string, number: number, ownSocket: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const before = lockPattern.exec(name)?.groups?.['number'];
    const isTrace =
      before === undefined ? tracePattern.test(name) && name !== ownSocket : Number(before) < number;
    if (isTrace) await rm(join(directory, name), { force: true });
  }
}

function hold(path: string, text: string, socket: LifeSocket | undefined, beatMs: number): DirectoryLock {
  const beat = setInterval(() => void rewrite(path, text).catch(() => {}), beatMs).unref();
  let released: Promise<void> | undefined;
  async function release(): Promise<void> {
    clearInterval(beat);
    // Nobody has to watch it to see that it is over.
    await utimes(path, 0, 0).catch(() => {});
    await socket?.close();
  }
  return { release: () => (released ??= release()) };
}

/** Nothing changes but the time, which is that of whoever keeps the files; a file that was removed stays so. */
async function rewrite(path: string, text: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(text, 0);
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function ignoreExisting(error: unknown): false {
  if (codeOf(error) !== 'EEXIST') throw error;
  return false;
}
