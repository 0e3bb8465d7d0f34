import type { IpAddress } from '@callbox/stun';
import type { ClientPath } from '../plane/client-path.ts';
import type { RelayTotals } from '../plane/data-plane.ts';
import type { Relay } from '../plane/forwarding/relay.ts';
import { LinuxClient } from '../plane/linux/linux-client.ts';
import type { OpenLinuxListener } from '../plane/linux/linux-listener.ts';
import { LinuxRelaySocket } from '../plane/linux/linux-relay-socket.ts';
import type { LinuxSocket } from '../plane/linux/linux-sockets.ts';
import type { CrewHost, RelayCrew, WorkerShare } from '../plane/linux/relay-crew.ts';
import type { SystemCalls } from '../plane/linux/system-calls.ts';
import { COUNTER, PLANE_COUNTER_NAMES } from '../plane/plane-counters.ts';
import type { RelayId, RouteChange } from '../plane/route-change.ts';
import type { AddressOwner } from '../policy/own-addresses.ts';
import { CellBook } from './cell-book.ts';
import { describeRelay } from './describe-relay.ts';
import { SharedMemory, TOTAL_NUMBERS } from './shared-memory.ts';
import { systemClockOffsetMs } from './system-clock.ts';
import type { WorkerCalls } from './worker-calls.ts';
import type { LentSocket } from './worker-command.ts';
import { WorkerSlot, type SlotReport } from './worker-slot.ts';

/** How often it is looked whether the workers live. */
const LOOK_INTERVAL_MS = 500;

export interface CrewSettings {
  /** How many; at least one. */
  readonly workers: number;
  /** The program of a worker. */
  readonly file: URL;
  readonly limits: { readonly bytesPerSecondPerUser: number; readonly bytesPerSecondPerRelay: number };
  readonly seed: number;
  readonly logger: {
    warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  };
}

/**
 * Worker processes, and who of the relays is lent to whom. A relay is lent when its client has a socket of its own; whatever
 * the worker does not do is done by the plane. When a worker dies the plane reads its sockets again at once: what waits in them
 * is not lost, since the plane has never closed them.
 */
export class WorkerCrew implements RelayCrew {
  readonly states: CellBook;
  readonly #host: CrewHost;
  readonly #slots: readonly WorkerSlot[];
  readonly #listeners = new Map<number, OpenLinuxListener>();
  /** Listeners that are closed here, and who may still have their sockets. */
  readonly #closings = new Map<number, Set<WorkerSlot>>();
  readonly #onClosings: (() => void)[] = [];
  readonly #carriers = new Map<RelayId, WorkerSlot>();
  /** Relays that could be lent if there was somebody. */
  readonly #waiting = new Map<RelayId, Relay>();
  /** Clients whose relay has ended of late: their worker may have something of theirs under way. */
  readonly #former = new Map<RelayId, ClientPath>();
  /** Where the relays of an account are, and how many: what waits for the account's rate waits in one line. Empty without a rate. */
  readonly #homes = new Map<string, { readonly slot: WorkerSlot; relays: number }>();
  readonly #hasRate: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #calls: SystemCalls;
  readonly #memoryFd: number;
  #isClosed = false;

  /** @throws SystemCallError when the system does not give what workers need. */
  constructor(host: CrewHost, calls: SystemCalls, workerCalls: WorkerCalls, settings: CrewSettings) {
    const { workers, file, limits, seed, logger } = settings;
    this.#host = host;
    this.#calls = calls;
    this.#hasRate = limits.bytesPerSecondPerUser !== Infinity;
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
    this.#timer = setInterval(() => {
      for (const slot of this.#slots) slot.look();
      this.#former.clear();
    }, LOOK_INTERVAL_MS).unref();
  }

  async ready(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.firstReady));
  }

  workers(): readonly WorkerShare[] {
    return this.#slots.map(({ pid, carried, cells }) => ({
      pid,
      relays: carried.size,
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
    this.#closings.set(id, new Set(this.#slots.filter(({ isReady }) => isReady)));
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

  relayAdded({ id }: Relay): void {
    this.states.addRelay(id);
  }

  clientSetApart(relay: Relay): void {
    const slot = this.#homes.get(relay.share.account)?.slot ?? this.#leastLoaded();
    if (slot === undefined) this.#waiting.set(relay.id, relay);
    else this.#lend(slot, relay);
  }

  socketOpened(relay: Relay, family: IpAddress['family']): void {
    const slot = this.#carriers.get(relay.id);
    if (slot !== undefined) lendSockets(slot, relay, [family]);
  }

  changed(change: RouteChange): void {
    if (change.kind === 'add-relay') return;
    const { relay: id } = change;
    const owner: AddressOwner =
      change.kind === 'permit' || change.kind === 'bind-channel' ? this.#ownerOf(change) : 'foreign';
    for (const slot of this.#slots) if (slot.known.has(id)) slot.tell({ kind: 'change', change, owner });
    if (change.kind !== 'remove-relay') return;
    const carrier = this.#carriers.get(id);
    const relay = carrier?.carried.get(id);
    if (relay !== undefined) {
      this.#former.set(id, relay.path);
      this.#leaveHome(relay);
    }
    this.states.removeRelay(id);
    this.#carriers.delete(id);
    this.#waiting.delete(id);
    for (const slot of this.#slots) slot.forget(id);
  }

  #leaveHome({ share: { account } }: Relay): void {
    const home = this.#homes.get(account);
    if (home === undefined) return;
    home.relays -= 1;
    if (home.relays === 0) this.#homes.delete(account);
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

  #leastLoaded(): WorkerSlot | undefined {
    const ready = this.#slots.filter(({ isReady }) => isReady);
    return ready.toSorted((a, b) => a.carried.size - b.carried.size)[0];
  }

  #lend(slot: WorkerSlot, relay: Relay): void {
    if (this.#isClosed || this.#carriers.has(relay.id) || !this.#introduce(slot, relay)) return;
    this.#carriers.set(relay.id, slot);
    slot.carried.set(relay.id, relay);
    if (this.#hasRate) {
      const { account } = relay.share;
      const home = this.#homes.get(account) ?? { slot, relays: 0 };
      home.relays += 1;
      this.#homes.set(account, home);
    }
    lendSockets(slot, relay, ['client', 4, 6]);
  }

  /** Makes a relay known to a worker; false where that cannot be. */
  #introduce(slot: WorkerSlot, relay: Relay | undefined): boolean {
    if (relay === undefined || relay.path.transport !== 'udp' || !slot.isReady) return false;
    if (slot.known.has(relay.id)) return true;
    const cell = this.states.cellOfRelay(relay.id);
    const accountCell = this.states.cellOfAccount(relay.share.account);
    if (cell === undefined || accountCell === undefined) return false;
    slot.cells.totals.fill(0, cell * TOTAL_NUMBERS, (cell + 1) * TOTAL_NUMBERS);
    slot.known.add(relay.id);
    slot.tell({ kind: 'know', relay: describeRelay(relay, { cell, accountCell }) });
    return true;
  }

  #onReady(slot: WorkerSlot): void {
    for (const listener of this.#listeners.values()) this.#tellListener(slot, listener);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const relay of waiting) this.clientSetApart(relay);
  }

  /** What a worker that is no more has carried and counted. */
  #takeBack(slot: WorkerSlot, known: ReadonlySet<RelayId>): void {
    for (const id of known) {
      const relay = this.#host.relay(id);
      if (relay === undefined) continue;
      this.#addTotals(relay, slot);
      if (this.#carriers.get(id) !== slot) continue;
      this.#carriers.delete(id);
      this.#leaveHome(relay);
      this.#waiting.set(id, relay);
      for (const [, socket] of socketsOf(relay, ['client', 4, 6])) socket.resume();
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

function socketsOf(
  relay: Relay,
  wanted: readonly LentSocket[],
): readonly (readonly [LentSocket, LinuxSocket])[] {
  return wanted.flatMap((of) => {
    const holder = of === 'client' ? relay.client : relay.socketOf(of);
    const socket =
      holder instanceof LinuxClient || holder instanceof LinuxRelaySocket ? holder.socket : undefined;
    return socket === undefined ? [] : [[of, socket] as const];
  });
}

/** The plane leaves reading to the worker; it goes on sending through them when it has something to say. */
function lendSockets(slot: WorkerSlot, relay: Relay, wanted: readonly LentSocket[]): void {
  const sockets = socketsOf(relay, wanted);
  for (const [, socket] of sockets) socket.pause();
  slot.tell(
    {
      kind: 'lend',
      relay: relay.id,
      sockets: sockets.map(([of, { dropped }]) => ({ of, droppedBefore: dropped })),
    },
    sockets.map(([, socket]) => socket),
  );
}
