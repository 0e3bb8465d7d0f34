import type { IpAddress } from '@callbox/stun';
import type { ClientPath } from '../plane/client-path.ts';
import type { RelayTotals } from '../plane/data-plane.ts';
import type { Relay } from '../plane/forwarding/relay.ts';
import type { OpenLinuxListener } from '../plane/linux/linux-listener.ts';
import type { CrewHost, RelayCrew, WorkerShare } from '../plane/linux/relay-crew.ts';
import type { SystemCalls } from '../plane/linux/system-calls.ts';
import { COUNTER, PLANE_COUNTER_NAMES } from '../plane/plane-counters.ts';
import type { RelayId, RouteChange } from '../plane/route-change.ts';
import type { AddressOwner } from '../policy/own-addresses.ts';
import { AccountHomes } from './account-homes.ts';
import { CellBook } from './cell-book.ts';
import { CrewBalance } from './crew-balance.ts';
import type { CrewSize } from './crew-rule.ts';
import { describeRelay } from './describe-relay.ts';
import { ALL_SOCKETS, lendSockets, takeBackSockets } from './lend-sockets.ts';
import { processorMs } from './processor-ms.ts';
import { SharedMemory, TOTAL_NUMBERS } from './shared-memory.ts';
import { systemClockOffsetMs } from './system-clock.ts';
import type { WorkerCalls } from './worker-calls.ts';
import { WorkerSlot, type SlotReport } from './worker-slot.ts';

/** How often it is looked whether the workers live, and who has how much to do. */
const LOOK_INTERVAL_MS = 500;
/** Loads that differ by less than this are as good as equal, and so are all light ones: then it is their number that counts. */
const LOAD_STEP_CORES = 0.2;
const LIGHT_LOAD_CORES = 0.4;
/** An account that may have less than this is one process's, which can carry it, so that what waits for the account's rate waits in one line. */
const SPREAD_BYTES_PER_SECOND = 32_000_000;

export interface CrewSettings {
  readonly size: CrewSize;
  /** The program of a worker. */
  readonly file: URL;
  readonly limits: { readonly bytesPerSecondPerUser: number; readonly bytesPerSecondPerRelay: number };
  readonly seed: number;
  readonly logger: {
    info(message: string, details?: Readonly<Record<string, unknown>>): void;
    warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  };
  /** From what rate on the relays of one account may be several processes'. */
  readonly spreadBytesPerSecond?: number;
}

const NOBODY: readonly WorkerSlot[] = [];

/** What carries a relay: a worker, or undefined for the plane itself. */
type Carrier = WorkerSlot | undefined;

/**
 * Worker processes, and who of the relays is lent to whom. A relay is lent when its client has a socket of its own; whatever
 * the worker does not do is done by the plane. When a worker dies the plane reads its sockets again at once: what waits in them
 * is not lost, since the plane has never closed them.
 */
export class WorkerCrew implements RelayCrew {
  readonly states: CellBook;
  readonly #host: CrewHost;
  readonly #slots: readonly WorkerSlot[];
  /** Those of them that have been told anything. */
  #live = NOBODY;
  readonly #listeners = new Map<number, OpenLinuxListener>();
  /** Listeners that are closed here, and who may still have their sockets. */
  readonly #closings = new Map<number, Set<WorkerSlot>>();
  readonly #onClosings: (() => void)[] = [];
  /** Relays that can be lent: their clients have sockets of their own. */
  readonly #lendable = new Map<RelayId, Relay>();
  /** Those that are. */
  readonly #carriers = new Map<RelayId, WorkerSlot>();
  /** Those that whoever is ready next is to get. */
  readonly #waiting = new Map<RelayId, Relay>();
  /** Clients whose relay has ended of late: their worker may have something of theirs under way. */
  readonly #former = new Map<RelayId, ClientPath>();
  readonly #homes: AccountHomes<Carrier>;
  readonly #staysTogether: boolean;
  /** The plane itself carries only what no worker does, since there always are some. */
  readonly #isFixed: boolean;
  readonly #balance: CrewBalance<WorkerSlot, Relay>;
  readonly #logger: CrewSettings['logger'];
  readonly #timer: NodeJS.Timeout;
  readonly #calls: SystemCalls;
  readonly #memoryFd: number;
  #isClosed = false;

  /** @throws SystemCallError when the system does not give what workers need. */
  constructor(host: CrewHost, calls: SystemCalls, workerCalls: WorkerCalls, settings: CrewSettings) {
    const { size, file, limits, seed, logger, spreadBytesPerSecond = SPREAD_BYTES_PER_SECOND } = settings;
    const workers = size.kind === 'fixed' ? size.workers : size.most;
    this.#host = host;
    this.#calls = calls;
    this.#staysTogether = limits.bytesPerSecondPerUser < spreadBytesPerSecond;
    this.#homes = new AccountHomes(this.#staysTogether);
    this.#isFixed = size.kind === 'fixed';
    this.#logger = logger;
    this.#balance = new CrewBalance(size, processorMs, performance.now());
    const { fd, memory } = SharedMemory.create(calls, workerCalls, workers);
    this.#memoryFd = fd;
    this.states = new CellBook(memory);
    const clockOffsetMs = systemClockOffsetMs();
    this.#slots = Array.from({ length: workers }, (_, slot) => {
      const parts = { calls, workerCalls, poller: host.poller, memoryFd: fd, file };
      const given = { slot, workers, seed, clockOffsetMs, ...limits };
      return new WorkerSlot(parts, given, {
        cells: memory.ofWorker(slot),
        servicePorts: host.servicePorts,
        logger,
        onReady: (ready) => {
          this.#onReady(ready);
        },
        onReport: (of, report) => {
          this.#take(of, report);
        },
        onDeath: (dead, known) => {
          this.#takeBack(dead, known);
        },
      });
    });
    if (this.#isFixed) for (const slot of this.#slots) slot.start();
    this.#timer = setInterval(() => {
      this.#look(performance.now());
    }, LOOK_INTERVAL_MS).unref();
  }

  async ready(): Promise<void> {
    if (this.#isFixed) await Promise.all(this.#slots.map((slot) => slot.firstReady));
  }

  workers(): readonly WorkerShare[] {
    return this.#slots.filter(isThere).map(({ pid, carried, cells, cores }) => ({
      pid,
      relays: carried.size,
      cores,
      packets:
        (cells.counters[COUNTER.packetsFromClients] ?? 0) + (cells.counters[COUNTER.packetsToClients] ?? 0),
    }));
  }

  listenerOpened(listener: OpenLinuxListener): void {
    this.#listeners.set(listener.id, listener);
    for (const slot of this.#slots) this.#tellListener(slot, listener);
  }

  #tellListener(slot: WorkerSlot, { id, local, socket }: OpenLinuxListener): void {
    slot.tell({ kind: 'listener-opened', id, local }, [socket]);
  }

  /** Its address is free once no worker has its socket any more. */
  listenerClosed(id: number): Promise<void> {
    this.#listeners.delete(id);
    this.#closings.set(id, new Set(this.#slots.filter(({ hasSockets }) => hasSockets)));
    for (const slot of this.#slots) slot.tell({ kind: 'listener-closed', id });
    return new Promise((resolve) => {
      this.#onClosings.push(resolve);
      this.#noteClosings();
    });
  }

  #noteClosings(): void {
    for (const [id, slots] of this.#closings) if (slots.size === 0) this.#closings.delete(id);
    if (this.#closings.size > 0) return;
    for (const resolve of this.#onClosings.splice(0)) resolve();
  }

  clientSetApart(relay: Relay): void {
    this.#lendable.set(relay.id, relay);
    const { account } = relay.share;
    const home = this.#homes.of(account);
    const carrier = home === undefined ? this.#leastLoaded() : home.carrier;
    const isWaiting = carrier === undefined && (home?.isWaiting ?? this.#isFixed);
    this.#homes.add(account, { carrier, isWaiting });
    if (isWaiting) this.#waiting.set(relay.id, relay);
    if (carrier !== undefined) this.#lend(carrier, relay);
  }

  socketOpened(relay: Relay, family: IpAddress['family']): void {
    const slot = this.#carriers.get(relay.id);
    if (slot !== undefined) lendSockets(slot, relay, [family]);
  }

  changed(change: RouteChange): void {
    if (change.kind === 'add-relay') return;
    const { relay: id } = change;
    const knowing = this.#live.length === 0 ? NOBODY : this.#live.filter(({ known }) => known.has(id));
    if (knowing.length > 0) {
      const owner: AddressOwner =
        change.kind === 'permit' || change.kind === 'bind-channel' ? this.#ownerOf(change) : 'foreign';
      for (const slot of knowing) slot.tell({ kind: 'change', change, owner });
    }
    if (change.kind === 'remove-relay') this.#forget(id, knowing);
  }

  #forget(id: RelayId, knowing: readonly WorkerSlot[]): void {
    const relay = this.#lendable.get(id);
    if (relay !== undefined) this.#homes.remove(relay.share.account);
    if (relay !== undefined && this.#carriers.has(id)) this.#former.set(id, relay.path);
    this.states.removeRelay(id);
    this.#lendable.delete(id);
    this.#carriers.delete(id);
    this.#waiting.delete(id);
    for (const slot of knowing) slot.forget(id);
  }

  totalsOf(id: RelayId): RelayTotals {
    const totals = { packetsFromClient: 0, bytesFromClient: 0, packetsToClient: 0, bytesToClient: 0 };
    const cell = this.states.cellOfRelay(id);
    if (cell === undefined) return totals;
    for (const { cells, known } of this.#slots) {
      if (!known.has(id)) continue;
      const at = cell * TOTAL_NUMBERS;
      totals.packetsFromClient += cells.totals[at] ?? 0;
      totals.bytesFromClient += cells.totals[at + 1] ?? 0;
      totals.packetsToClient += cells.totals[at + 2] ?? 0;
      totals.bytesToClient += cells.totals[at + 3] ?? 0;
    }
    return totals;
  }

  counts(): Float64Array {
    const sum = new Float64Array(PLANE_COUNTER_NAMES.length);
    for (const { cells } of this.#slots)
      for (const [index, count] of cells.counters.entries()) sum[index] = (sum[index] ?? 0) + count;
    return sum;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.all(this.#slots.map((slot) => slot.close()));
    this.#closings.clear();
    this.#noteClosings();
    this.#calls.close(this.#memoryFd);
  }

  #take(slot: WorkerSlot, report: SlotReport): void {
    if (report.kind === 'listener-closed') {
      this.#closings.get(report.listener)?.delete(slot);
      this.#noteClosings();
      return;
    }
    const relay = this.#host.relay(report.relay);
    if (report.kind === 'message') {
      const client = relay?.path ?? this.#former.get(report.relay);
      if (client !== undefined) this.#host.receiveFromWorker(client, report.octets);
    } else if (relay !== undefined) {
      this.#host.joinFromWorker(relay, report.peer, report.octets);
      this.#introduce(slot, this.#host.relayAt(report.peer.family, report.peer.port));
    }
  }

  // -- lending

  #look(nowMs: number): void {
    for (const slot of this.#slots) slot.look(nowMs);
    this.#former.clear();
    if (this.#isClosed) return;
    const { moves, starts, ends } = this.#balance.look(
      {
        workers: this.#slots,
        relays: this.#lendable,
        carrierOf: ({ id }) => this.#carriers.get(id),
        packetsOf: (relay) => this.#packetsOf(relay),
        staysTogether: this.#staysTogether,
      },
      nowMs,
    );
    for (const { unit, to } of moves) for (const relay of unit.relays) this.#move(relay, to);
    if (starts) this.#startOne();
    if (ends !== undefined) this.#end(ends);
  }

  #startOne(): void {
    const slot = this.#slots.find(({ isLive, isComing }) => !isLive && !isComing);
    slot?.start();
    const workers = this.#slots.filter(isThere).length;
    if (slot !== undefined)
      this.#logger.info('the relay has much to do: another worker is started', { workers });
  }

  #end(slot: WorkerSlot): void {
    // What has come since the plan was made.
    for (const relay of slot.carried.values()) this.#move(relay, undefined);
    slot.end();
    const workers = this.#slots.filter(isThere).length;
    this.#logger.info('the relay has less to do: a worker is ended', { workers });
  }

  #packetsOf(relay: Relay): number {
    const lent = this.totalsOf(relay.id);
    return relay.packetsFromClient + relay.packetsToClient + lent.packetsFromClient + lent.packetsToClient;
  }

  /** Who has least to do; of those with about as much, who has fewest relays. */
  #leastLoaded(): Carrier {
    const ready = this.#slots.filter(({ isReady }) => isReady);
    if (ready.length === 0) return undefined;
    const workers = ready.map((slot) => ({ slot, cores: slot.cores, relays: slot.carried.size }));
    const main = {
      slot: undefined,
      cores: this.#balance.mainCores,
      relays: this.#lendable.size - this.#carriers.size,
    };
    const all: readonly { slot: Carrier; cores: number; relays: number }[] = this.#isFixed
      ? workers
      : [main, ...workers];
    const step = (cores: number): number =>
      cores < LIGHT_LOAD_CORES ? 0 : Math.floor(cores / LOAD_STEP_CORES);
    return all.toSorted((a, b) => step(a.cores) - step(b.cores) || a.relays - b.relays)[0]?.slot;
  }

  #lend(slot: WorkerSlot, relay: Relay): void {
    if (this.#isClosed || this.#carriers.has(relay.id) || !this.#introduce(slot, relay)) return;
    this.#carriers.set(relay.id, slot);
    slot.carried.set(relay.id, relay);
    lendSockets(slot, relay, ALL_SOCKETS);
  }

  /** Nothing is lost on the way: what comes meanwhile waits in the sockets, which are the same. */
  #move(relay: Relay, to: Carrier): void {
    const from = this.#carriers.get(relay.id);
    if (from === to || !this.#lendable.has(relay.id)) return;
    if (from !== undefined) {
      from.tell({ kind: 'return', relay: relay.id });
      from.carried.delete(relay.id);
      this.#carriers.delete(relay.id);
      takeBackSockets(relay);
    }
    this.#homes.move(relay.share.account, { carrier: to, isWaiting: false });
    if (to !== undefined) this.#lend(to, relay);
  }

  /** Makes a relay known to a worker; false where that cannot be. */
  #introduce(slot: WorkerSlot, relay: Relay | undefined): boolean {
    if (relay === undefined || relay.path.transport !== 'udp' || !slot.isReady) return false;
    if (slot.known.has(relay.id)) return true;
    const cell = this.states.addRelay(relay.id);
    const accountCell = this.states.cellOfAccount(relay.share.account);
    if (cell === undefined || accountCell === undefined) return false;
    slot.cells.totals.fill(0, cell * TOTAL_NUMBERS, (cell + 1) * TOTAL_NUMBERS);
    slot.known.add(relay.id);
    slot.tell({ kind: 'know', relay: describeRelay(relay, { cell, accountCell }) });
    return true;
  }

  #onReady(slot: WorkerSlot): void {
    this.#live = this.#slots.filter(({ isReady }) => isReady);
    for (const listener of this.#listeners.values()) this.#tellListener(slot, listener);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const relay of waiting) {
      // Those of one account go where the first of them goes.
      const { account } = relay.share;
      const to = this.#homes.of(account)?.carrier ?? (this.#isFixed ? this.#leastLoaded() : slot);
      this.#homes.move(account, { carrier: to, isWaiting: false });
      if (to !== undefined) this.#lend(to, relay);
    }
  }

  /** What a worker that is no more has carried and counted. */
  #takeBack(slot: WorkerSlot, known: ReadonlySet<RelayId>): void {
    this.#live = this.#live.filter((other) => other !== slot);
    for (const id of known) {
      const relay = this.#host.relay(id);
      if (relay === undefined) continue;
      this.#addTotals(relay, slot);
      if (this.#carriers.get(id) !== slot) continue;
      this.#carriers.delete(id);
      this.#waiting.set(id, relay);
      this.#homes.move(relay.share.account, { carrier: undefined, isWaiting: true });
      takeBackSockets(relay);
    }
    this.#host.addCounts(slot.cells.counters);
    for (const slots of this.#closings.values()) slots.delete(slot);
    this.#noteClosings();
  }

  #addTotals(relay: Relay, { cells }: WorkerSlot): void {
    const cell = this.states.cellOfRelay(relay.id);
    if (cell === undefined) return;
    const changed = relay;
    const at = cell * TOTAL_NUMBERS;
    changed.packetsFromClient += cells.totals[at] ?? 0;
    changed.bytesFromClient += cells.totals[at + 1] ?? 0;
    changed.packetsToClient += cells.totals[at + 2] ?? 0;
    changed.bytesToClient += cells.totals[at + 3] ?? 0;
  }

  #ownerOf({ relay: id, peer }: Extract<RouteChange, { kind: 'permit' | 'bind-channel' }>): AddressOwner {
    return this.#host.relay(id)?.ownerOf(peer) ?? 'foreign';
  }
}

/** There is a worker, or there is to be one. */
function isThere({ isLive, isComing }: WorkerSlot): boolean {
  return isLive || isComing;
}
