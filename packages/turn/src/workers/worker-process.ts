import { spawn, type ChildProcess } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { LinuxSocket } from '../plane/linux/linux-sockets.ts';
import type { Poller, Readable } from '../plane/linux/poller.ts';
import type { SystemCalls } from '../plane/linux/system-calls.ts';
import { createChannelPair, DescriptorChannel } from './descriptor-channel.ts';
import { BEATS, COMMANDS_SENT, type WorkerCells } from './shared-memory.ts';
import type { WorkerCalls } from './worker-calls.ts';
import { encodeCommand, type WorkerCommand } from './worker-command.ts';
import { parseReport, type WorkerReport } from './worker-report.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** A worker's heap. What it holds is small; a leak must not take the machine along. */
const MAX_HEAP_MB = 256;
/** Reports that are read at a time; others have their turn then. */
const MAX_REPORTS = 64;
const RETRY_MS = 1;
/** A worker that has not begun for so many looks, or shows no sign of life for so many, is ended. */
const LOOKS_TO_BEGIN = 30;
const LOOKS_OF_SILENCE = 6;
const MAX_LAST_WORDS = 2048;

/** A command that the kernel has not taken yet. */
interface Waiting {
  readonly octets: Uint8Array;
  readonly sockets: readonly LinuxSocket[];
}

export interface WorkerProcessParts {
  readonly calls: SystemCalls;
  readonly workerCalls: WorkerCalls;
  readonly poller: Poller;
  readonly memoryFd: number;
  readonly cells: WorkerCells;
  readonly file: URL;
  readonly settings: WorkerSettings;
  readonly onReport: (report: WorkerReport) => void;
  /** It has ended, and why. */
  readonly onEnd: (reason: string) => void;
}

/** One worker process, seen from main. */
export class WorkerProcess implements Readable {
  readonly fd: number;
  readonly pid: number | undefined;
  /** Resolves when it is no more. */
  readonly ended: Promise<void>;
  readonly #parts: WorkerProcessParts;
  readonly #child: ChildProcess;
  readonly #channel: DescriptorChannel;
  readonly #token: number;
  readonly #waiting: Waiting[] = [];
  #isOpen = true;
  #lastWords = '';
  #beats = 0;
  #silentLooks = 0;

  constructor(parts: WorkerProcessParts) {
    this.#parts = parts;
    const { calls, workerCalls, cells } = parts;
    cells.header.fill(0);
    const [ours, theirs] = createChannelPair(calls, workerCalls);
    this.fd = ours;
    this.#channel = new DescriptorChannel(ours, calls, workerCalls);
    this.#child = spawn(
      execPath,
      [`--max-old-space-size=${MAX_HEAP_MB}`, fileURLToPath(parts.file), JSON.stringify(parts.settings)],
      { stdio: ['ignore', 'ignore', 'pipe', theirs, parts.memoryFd] },
    );
    calls.close(theirs);
    this.pid = this.#child.pid;
    this.#token = parts.poller.add(this);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-MAX_LAST_WORDS);
    });
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (this.#isOpen) {
          // What it has said before is still to be heard.
          while (this.receive() > 0);
          this.#closeChannel();
          parts.onEnd(this.#lastWords === '' ? reason : `${reason}: ${this.#lastWords.trim()}`);
        }
        resolve();
      };
      this.#child.once('error', ({ message }) => {
        end(message);
      });
      this.#child.once('close', (code, signal) => {
        end(signal ?? `code ${code}`);
      });
    });
    // Main keeps itself alive, and its workers do not.
    this.#child.unref();
  }

  /** Tells it something, in order. Where sockets come along, it gets duplicates; with one that is closed by then, nothing is said. */
  tell(command: WorkerCommand, sockets: readonly LinuxSocket[] = []): void {
    if (!this.#isOpen) return;
    const waiting = { octets: encodeCommand(command), sockets };
    if (this.#waiting.length > 0 || !this.#send(waiting)) this.#keep(waiting);
  }

  /** False when it has to be tried again. */
  #send({ octets, sockets }: Waiting): boolean {
    if (!sockets.every(({ isOpen }) => isOpen)) return true;
    const sending = this.#channel.send(
      octets,
      sockets.map(({ fd }) => fd),
    );
    if (sending === 'sent') {
      const { header } = this.#parts.cells;
      header[COMMANDS_SENT] = (header[COMMANDS_SENT] ?? 0) + 1;
    }
    // Without one command, what the worker knows is wrong.
    if (sending === 'too-long') this.kill();
    return sending !== 'full';
  }

  #keep(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length === 1) this.#tryLater();
  }

  #tryLater(): void {
    setTimeout(() => {
      while (this.#waiting[0] !== undefined && this.#isOpen) {
        if (!this.#send(this.#waiting[0])) {
          this.#tryLater();
          return;
        }
        this.#waiting.shift();
      }
    }, RETRY_MS).unref();
  }

  receive(): number {
    for (let count = 0; count < MAX_REPORTS; count += 1) {
      const received = this.#isOpen && this.#channel.receive();
      // Its end is told by the process itself.
      if (received === 'closed') this.#parts.poller.remove(this.#token);
      if (received !== true) return count;
      const report = parseReport(this.#channel.octets);
      if (report !== undefined) this.#parts.onReport(report);
    }
    return MAX_REPORTS;
  }

  /** To be called now and then: ends a worker that does not live. */
  look(hasBegun: boolean): void {
    const beats = this.#parts.cells.header[BEATS] ?? 0;
    this.#silentLooks = beats === this.#beats ? this.#silentLooks + 1 : 0;
    this.#beats = beats;
    if (this.#silentLooks >= (hasBegun ? LOOKS_OF_SILENCE : LOOKS_TO_BEGIN)) this.kill();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it, without a word to anybody. */
  close(): Promise<void> {
    this.#closeChannel();
    this.kill();
    return this.ended;
  }

  #closeChannel(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#waiting.length = 0;
    this.#parts.poller.remove(this.#token);
    this.#parts.calls.close(this.fd);
  }
}
