import { isStunMessage, type IpAddress } from '@callbox/stun';
import { Forwarder } from '../plane/forwarding/forwarder.ts';
import { FrameWriter } from '../plane/forwarding/frame-writer.ts';
import { IndicationWriter } from '../plane/forwarding/indication-writer.ts';
import type { Relay } from '../plane/forwarding/relay.ts';
import { Routes } from '../plane/forwarding/routes.ts';
import { Shaper } from '../plane/forwarding/shaper.ts';
import { HostTable } from '../plane/host-table.ts';
import type { HostWords } from '../plane/host-words.ts';
import { LinuxClient } from '../plane/linux/linux-client.ts';
import type { LinuxListener } from '../plane/linux/linux-listener.ts';
import { createLinuxParts } from '../plane/linux/create-linux-parts.ts';
import { LinuxRelaySocket } from '../plane/linux/linux-relay-socket.ts';
import { LinuxSocket, type LinuxParts, type TakeDatagram } from '../plane/linux/linux-sockets.ts';
import type { Readable } from '../plane/linux/poller.ts';
import type { SystemCalls } from '../plane/linux/system-calls.ts';
import { looksLikeTurn } from '../plane/looks-like-turn.ts';
import { COUNTER, PlaneCounters } from '../plane/plane-counters.ts';
import type { RelayId } from '../plane/route-change.ts';
import type { DescriptorChannel } from './descriptor-channel.ts';
import { GivenCells } from './given-cells.ts';
import { GivenOwners } from './given-owners.ts';
import {
  BEATS,
  COMMANDS_SENT,
  TOTAL_NUMBERS,
  USED_MS,
  type SharedMemory,
  type WorkerCells,
} from './shared-memory.ts';
import { Uplink } from './uplink.ts';
import { parseCommand, type KnownRelay, type LentSocket, type WorkerCommand } from './worker-command.ts';

/** As many as the kernel takes in a run. */
const BATCH = 64;
/** A client that is gone may still flood. */
const MAX_LAST_READS = 8;
/** Relays that others carry are counted for so often; their own are counted at once. */
const TOTALS_INTERVAL_MS = 50;

/**
 * The data plane of a worker: carries the relays that main has lent it, by the same code as main. Everything else is main's:
 * what is not media goes up, and so does media for somebody whom nobody has told us of.
 */
export class WorkerPlane implements Readable {
  readonly fd: number;
  readonly #channel: DescriptorChannel;
  readonly #uplink: Uplink;
  readonly #cells: WorkerCells;
  readonly #onClosed: () => void;
  readonly #seed: number;
  readonly #owners = new GivenOwners();
  readonly #given: GivenCells;
  readonly #counters: PlaneCounters;
  readonly #parts: LinuxParts;
  readonly #indications = new IndicationWriter();
  readonly #routes: Routes<LinuxListener>;
  readonly #forwarder: Forwarder;
  readonly #sender: HostWords = new Int32Array(4);
  /** Counts in an array, where a number that changes is no new object. */
  readonly #obeyed = new Float64Array(1);

  constructor(settings: {
    readonly calls: SystemCalls;
    readonly channel: DescriptorChannel;
    readonly memory: SharedMemory;
    readonly slot: number;
    readonly bytesPerSecondPerUser: number;
    readonly bytesPerSecondPerRelay: number;
    readonly nowMs: () => number;
    /** The processor time of this process so far. */
    readonly usedMs: () => number;
    readonly seed: number;
    /** Main is gone, or needs us no longer. */
    readonly onClosed: () => void;
  }) {
    const { calls, channel, memory, slot, nowMs, seed } = settings;
    this.#channel = channel;
    this.fd = channel.fd;
    this.#uplink = new Uplink(channel);
    this.#cells = memory.ofWorker(slot);
    this.#onClosed = settings.onClosed;
    this.#seed = seed;
    this.#given = new GivenCells(memory);
    this.#counters = new PlaneCounters(this.#cells.counters);
    const counters = this.#counters;
    const { header } = this.#cells;
    this.#parts = {
      ...createLinuxParts(calls, counters),
      beforeBatch: () => {
        if (header[COMMANDS_SENT] !== this.#obeyed[0]) this.receive();
      },
    };
    const shaper = new Shaper({
      bytesPerSecond: settings.bytesPerSecondPerUser,
      bytesPerSecondPerRelay: settings.bytesPerSecondPerRelay,
      nowMs,
      counters,
      states: this.#given,
    });
    this.#routes = new Routes({ own: this.#owners, seed }, shaper, new FrameWriter());
    this.#forwarder = new Forwarder(
      { own: this.#owners },
      this.#routes,
      shaper,
      counters,
      (relay, peer, port, bytes, start, length) => {
        if (!this.#uplink.reportMedia(relay.id, peer, port, bytes, start, length))
          counters.add(COUNTER.queueFull, 1);
      },
    );
    const showLife = (): void => {
      header[USED_MS] = settings.usedMs();
      header[BEATS] = (header[BEATS] ?? 0) + 1;
    };
    // What starting has cost is not what calls cost.
    showLife();
    setInterval(() => {
      for (const [relay] of this.#given.relays()) this.#publishTotals(this.#routes.relay(relay));
      showLife();
    }, TOTALS_INTERVAL_MS);
  }

  start(): void {
    this.#parts.poller.add(this);
    this.#uplink.reportReady();
  }

  /** Obeys what main has said; gives how much that was. */
  receive(): number {
    let count = 0;
    for (;;) {
      const received = this.#channel.receive();
      if (received === 'closed') this.#onClosed();
      if (received !== true) return count;
      count += 1;
      this.#obeyed[0] = (this.#obeyed[0] ?? 0) + 1;
      this.#obey(parseCommand(this.#channel.octets), this.#channel.descriptors);
    }
  }

  #obey(command: WorkerCommand, descriptors: readonly number[]): void {
    switch (command.kind) {
      case 'listener-opened': {
        const [fd] = descriptors;
        if (fd !== undefined) this.#addListener(command, fd);
        break;
      }
      case 'listener-closed': {
        const listener = this.#routes.listener(command.id);
        this.#routes.removeListener(command.id);
        if (listener !== undefined) this.#parts.sockets.close(listener.socket.fd);
        this.#uplink.reportListenerClosed(command.id);
        break;
      }
      case 'service-ports':
        for (const port of command.ports) this.#owners.servicePorts.add(port);
        break;
      case 'know':
        this.#know(command.relay);
        break;
      case 'lend':
        this.#take(command, descriptors);
        break;
      case 'return':
        this.#giveBack(command.relay);
        break;
      case 'end':
        // Not at once: what has just been read is still to be forwarded.
        setImmediate(this.#onClosed);
        break;
      case 'change': {
        const { change, owner } = command;
        if (change.kind === 'permit' || change.kind === 'bind-channel') this.#owners.note(change.peer, owner);
        if (change.kind === 'remove-relay') this.#forget(change.relay);
        else this.#routes.apply(change);
        break;
      }
    }
  }

  /** A listener is written through, never read. */
  #addListener({ id, local }: Extract<WorkerCommand, { kind: 'listener-opened' }>, fd: number): void {
    const { arena, outgoing } = this.#parts;
    const places = {
      open: () => undefined,
      close: (client: LinuxClient) => {
        const left = client;
        left.socket?.close();
        left.socket = undefined;
      },
    };
    const parts = { arena, outgoing, indications: this.#indications, places };
    const listener: LinuxListener = {
      id,
      local,
      clients: new HostTable(this.#seed),
      clientCount: 0,
      createClient: (remote) => new LinuxClient(listener, remote, parts),
      socket: { fd, isConnected: false },
    };
    this.#routes.addListener(listener);
  }

  #know(known: KnownRelay): void {
    const { id, client, account, ports, peers, channels } = known;
    if (this.#routes.relay(id) !== undefined) return;
    this.#given.note(known);
    this.#routes.apply({ kind: 'add-relay', relay: id, client, account, ports });
    for (const { address, owner, isPermitted } of peers) {
      this.#owners.note(address, owner);
      if (isPermitted) this.#routes.apply({ kind: 'permit', relay: id, peer: address });
    }
    for (const { channel, peer, owner } of channels) {
      this.#owners.note(peer, owner);
      this.#routes.apply({ kind: 'bind-channel', relay: id, channel, peer });
    }
  }

  #take(
    { relay: id, sockets }: Extract<WorkerCommand, { kind: 'lend' }>,
    descriptors: readonly number[],
  ): void {
    const relay = this.#routes.relay(id);
    for (const [index, { of, droppedBefore }] of sockets.entries()) {
      const fd = descriptors[index];
      if (fd === undefined) continue;
      if (relay === undefined) this.#parts.sockets.close(fd);
      else this.#addSocket(relay, of, fd, droppedBefore);
    }
  }

  #addSocket(relay: Relay, of: LentSocket, fd: number, droppedBefore: number): void {
    const take = of === 'client' ? this.#takeFromClient(relay) : this.#takeFromPeer(relay, of);
    const socket = new LinuxSocket(fd, this.#parts, { maxBatch: BATCH, isPaced: true, take, droppedBefore });
    if (of === 'client') {
      const { client } = relay;
      if (!(client instanceof LinuxClient)) return;
      client.socket?.close();
      socket.isConnected = true;
      client.socket = socket;
      return;
    }
    relay.socketOf(of)?.close();
    relay.addSocket(of, new LinuxRelaySocket(socket, this.#parts.outgoing));
  }

  #takeFromClient(relay: Relay): TakeDatagram {
    const { id, client } = relay;
    const { bytes } = this.#parts.arena;
    return (_slot, start, end) => {
      if (client.relay !== relay) this.#report(id, bytes, start, end);
      else if (!looksLikeTurn(bytes, start, end)) this.#counters.add(COUNTER.notTurn, 1);
      else if (this.#forwarder.receiveFromClient(client, bytes, start, end, true)) this.#publishTotals(relay);
      else if (!isStunMessage(bytes.subarray(start, end))) this.#counters.add(COUNTER.notTurn, 1);
      else this.#report(id, bytes, start, end);
    };
  }

  #report(relay: RelayId, bytes: Uint8Array, start: number, end: number): void {
    if (!this.#uplink.reportMessage(relay, bytes, start, end - start))
      this.#counters.add(COUNTER.queueFull, 1);
  }

  #takeFromPeer(relay: Relay, family: IpAddress['family']): TakeDatagram {
    const { incoming, arena } = this.#parts;
    return (slot, start, end) => {
      const port = incoming.senderOf(slot, family, this.#sender);
      this.#forwarder.receiveFromPeer(relay, this.#sender, port, arena.bytes, start, end - start, true);
      this.#publishTotals(relay);
    };
  }

  /** The socket of a client that has no relay any more: what has come to it meanwhile is for main to judge. */
  #forget(id: RelayId): void {
    const client = this.#routes.relay(id)?.client;
    const own = client instanceof LinuxClient ? client.socket : undefined;
    if (client instanceof LinuxClient) client.socket = undefined;
    this.#routes.apply({ kind: 'remove-relay', relay: id });
    this.#given.forgetRelay(id);
    if (own === undefined) return;
    // Not at once: another socket's packets are in the arena.
    setImmediate(() => {
      for (let times = 0; times < MAX_LAST_READS && own.receive() === BATCH; times += 1);
      own.close();
    });
  }

  /** Not at once: what has just been read is still to be forwarded. Until then both read, each packet once. */
  #giveBack(id: RelayId): void {
    const relay = this.#routes.relay(id);
    if (relay === undefined) return;
    const { client } = relay;
    const sockets = [relay.socket4, relay.socket6];
    const own = client instanceof LinuxClient ? client.socket : undefined;
    setImmediate(() => {
      own?.close();
      if (client instanceof LinuxClient && client.socket === own) client.socket = undefined;
      for (const socket of sockets) socket?.close();
      if (relay.socket4 === sockets[0]) relay.socket4 = undefined;
      if (relay.socket6 === sockets[1]) relay.socket6 = undefined;
    });
  }

  #publishTotals(relay: Relay | undefined): void {
    const cell = relay === undefined ? undefined : this.#given.cellOfRelay(relay.id);
    if (relay === undefined || cell === undefined) return;
    const { totals } = this.#cells;
    const at = cell * TOTAL_NUMBERS;
    totals[at] = relay.packetsFromClient;
    totals[at + 1] = relay.bytesFromClient;
    totals[at + 2] = relay.packetsToClient;
    totals[at + 3] = relay.bytesToClient;
  }
}
