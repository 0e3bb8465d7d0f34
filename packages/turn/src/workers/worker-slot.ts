import type { Relay } from '../plane/forwarding/relay.ts';
import type { LinuxSocket } from '../plane/linux/linux-sockets.ts';
import type { RelayId } from '../plane/route-change.ts';
import { LoadMeter } from './load-meter.ts';
import { USED_MS, type WorkerCells } from './shared-memory.ts';
import type { WorkerCommand } from './worker-command.ts';
import { WorkerProcess, type WorkerProcessParts } from './worker-process.ts';
import type { WorkerReport } from './worker-report.ts';
import { finiteOrNull, type WorkerSettings } from './worker-settings.ts';

/** A worker that lived so long is replaced at once, another after a pause that doubles each time. */
const LONG_LIFE_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;

/** What a worker says once it has begun. */
export type SlotReport = Exclude<WorkerReport, { kind: 'ready' }>;

interface SlotEvents {
  readonly cells: WorkerCells;
  readonly servicePorts: ReadonlySet<number>;
  readonly logger: {
    warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  };
  readonly onReady: (slot: WorkerSlot) => void;
  readonly onReport: (slot: WorkerSlot, report: SlotReport) => void;
  /** The worker is no more: what it knew, while its cells still show what it counted. */
  readonly onDeath: (slot: WorkerSlot, known: ReadonlySet<RelayId>) => void;
}

/** A place for a worker. While it is wanted there is one, or will be soon. */
export class WorkerSlot {
  readonly cells: WorkerCells;
  /** Relays that its worker has been told of, */
  readonly known = new Set<RelayId>();
  /** and those of them that it carries. */
  readonly carried = new Map<RelayId, Relay>();
  /** Resolves when the first worker has begun, or has failed to. */
  readonly firstReady: Promise<void>;
  readonly #parts: Omit<WorkerProcessParts, 'cells' | 'settings' | 'onReport' | 'onEnd'>;
  readonly #settings: WorkerSettings;
  readonly #events: SlotEvents;
  #setFirstReady: () => void = () => undefined;
  #worker: WorkerProcess | undefined;
  #isReady = false;
  #isWanted = false;
  /** It was told to end. */
  #isEnding = false;
  #load = new LoadMeter(0, performance.now());
  #startedAtMs = 0;
  #pauseMs = 0;
  #toldServicePorts = 0;
  #isClosed = false;

  constructor(
    parts: Omit<WorkerProcessParts, 'cells' | 'settings' | 'onReport' | 'onEnd'>,
    settings: Omit<WorkerSettings, 'bytesPerSecondPerUser' | 'bytesPerSecondPerRelay'> & {
      readonly bytesPerSecondPerUser: number;
      readonly bytesPerSecondPerRelay: number;
    },
    events: SlotEvents,
  ) {
    this.#parts = parts;
    this.#settings = {
      ...settings,
      bytesPerSecondPerUser: finiteOrNull(settings.bytesPerSecondPerUser),
      bytesPerSecondPerRelay: finiteOrNull(settings.bytesPerSecondPerRelay),
    };
    this.#events = events;
    this.cells = events.cells;
    this.firstReady = new Promise((resolve) => {
      this.#setFirstReady = resolve;
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** There should be a worker, and there is none yet that could do anything. */
  get isComing(): boolean {
    return this.#isWanted && !this.#isReady;
  }

  /** There is a process that was told of listeners, and has their sockets. */
  get hasSockets(): boolean {
    return this.#isReady || this.#isEnding;
  }

  /** There is a process. */
  get isLive(): boolean {
    return this.#worker !== undefined;
  }

  /** How much of a core its worker used between the last two looks. */
  get cores(): number {
    return this.#load.cores;
  }

  /** Of the worker that is there and takes commands. */
  get pid(): number | undefined {
    return this.#isReady ? this.#worker?.pid : undefined;
  }

  /** From now on there is to be a worker. */
  start(): void {
    this.#isWanted = true;
    // One that is ending is replaced when it has ended.
    if (this.#worker === undefined) this.#begin();
  }

  /** The worker ends as soon as it has obeyed what it was told before, and is not replaced. */
  end(): void {
    if (this.#isReady) this.tell({ kind: 'end' });
    else this.#worker?.kill();
    this.#isWanted = false;
    this.#isReady = false;
    this.#isEnding = this.isLive;
  }

  #begin(): void {
    if (this.#isClosed || !this.#isWanted || this.#worker !== undefined) return;
    this.#startedAtMs = performance.now();
    this.#worker = new WorkerProcess({
      ...this.#parts,
      cells: this.cells,
      settings: this.#settings,
      onReport: (report) => {
        if (report.kind !== 'ready') this.#events.onReport(this, report);
        else if (!this.#isEnding) this.#noteReady();
      },
      onEnd: (reason) => {
        this.#noteEnd(reason);
      },
    });
  }

  #noteReady(): void {
    this.#isReady = true;
    this.#toldServicePorts = 0;
    this.#load = new LoadMeter(this.#usedMs(), performance.now());
    this.#events.onReady(this);
    this.#setFirstReady();
  }

  #noteEnd(reason: string): void {
    const livedMs = performance.now() - this.#startedAtMs;
    const wasToEnd = this.#isEnding;
    this.#isEnding = false;
    this.#isReady = false;
    this.#worker = undefined;
    this.#setFirstReady();
    this.#events.onDeath(this, this.known);
    this.known.clear();
    this.carried.clear();
    this.cells.counters.fill(0);
    if (wasToEnd) {
      this.#begin();
      return;
    }
    this.#pauseMs =
      livedMs >= LONG_LIFE_MS ? 0 : Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2));
    this.#events.logger.warn(
      'a worker of the relay has ended; the server carries its calls until it is replaced',
      {
        worker: this.#settings.slot,
        reason,
        replacedInMs: this.#pauseMs,
      },
    );
    setTimeout(() => {
      this.#begin();
    }, this.#pauseMs).unref();
  }

  /** Tells the worker something; if there is none, its successor will be told all that counts then. */
  tell(command: WorkerCommand, sockets: readonly LinuxSocket[] = []): void {
    if (!this.#isReady) return;
    const { servicePorts } = this.#events;
    // They are only ever added to.
    if (servicePorts.size !== this.#toldServicePorts) {
      this.#toldServicePorts = servicePorts.size;
      this.#worker?.tell({ kind: 'service-ports', ports: [...servicePorts] });
    }
    this.#worker?.tell(command, sockets);
  }

  /** The relay is no more. */
  forget(relay: RelayId): void {
    this.known.delete(relay);
    this.carried.delete(relay);
  }

  /** To be called now and then. */
  look(nowMs: number): void {
    this.#load.look(this.#usedMs(), nowMs);
    this.#worker?.look(this.#isReady);
  }

  #usedMs(): number {
    return this.cells.header[USED_MS] ?? 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    this.#setFirstReady();
    await this.#worker?.close();
  }
}
