import { formatIpAddress, isStunMessage, type IpAddress, type TransportAddress } from '@callbox/stun';
import { RECEIVE_BUFFER_BYTES } from '../../transport/datagram-socket.ts';
import { ListenError } from '../../transport/listen-error.ts';
import type { ClientPath } from '../client-path.ts';
import type { BoundListener, DataPlane, DataPlaneSettings, PlaneStream, RelayTotals } from '../data-plane.ts';
import type { Client } from '../forwarding/client.ts';
import { Forwarder } from '../forwarding/forwarder.ts';
import { FrameWriter } from '../forwarding/frame-writer.ts';
import { IndicationWriter } from '../forwarding/indication-writer.ts';
import { Routes } from '../forwarding/routes.ts';
import { Shaper } from '../forwarding/shaper.ts';
import { isSameHost } from '../host-table.ts';
import { addressOfHostWords, writeHostWords, type HostWords } from '../host-words.ts';
import { looksLikeTurn } from '../looks-like-turn.ts';
import { COUNTER, PlaneCounters } from '../plane-counters.ts';
import type { RelayId, RouteChange } from '../route-change.ts';
import { AnswerSender } from './answer-sender.ts';
import { ClientPlaces } from './client-places.ts';
import { createLinuxParts } from './create-linux-parts.ts';
import { LinuxClient } from './linux-client.ts';
import type { LinuxListener, OpenLinuxListener } from './linux-listener.ts';
import { LinuxRelaySocket } from './linux-relay-socket.ts';
import { LinuxSocket, type LinuxParts } from './linux-sockets.ts';
import type { CrewHost, RelayCrew, WorkerShare } from './relay-crew.ts';
import type { SystemCalls } from './system-calls.ts';

/** What comes to a listener may be a stranger's request, which costs as much as many packets of media. */
const LISTENER_BATCH = 16;
/** As many as the kernel takes in a run. */
const RELAY_BATCH = 64;
const NOTHING: RelayTotals = {
  packetsFromClient: 0,
  bytesFromClient: 0,
  packetsToClient: 0,
  bytesToClient: 0,
};

/**
 * The data plane for Linux: packets are read and sent by many in one call, and stay where they were read. A packet costs what
 * the kernel makes of it and next to nothing of ours.
 */
export class LinuxPlane implements DataPlane {
  readonly #settings: DataPlaneSettings;
  readonly #counters = new PlaneCounters();
  readonly #parts: LinuxParts;
  readonly #answers: AnswerSender;
  readonly #places: ClientPlaces;
  readonly #indications = new IndicationWriter();
  readonly #shaper: Shaper;
  readonly #routes: Routes<OpenLinuxListener>;
  readonly #forwarder: Forwarder;
  readonly #crew: RelayCrew | undefined;
  readonly #sender: HostWords = new Int32Array(4);
  #isClosed = false;

  /** With a crew, other processes carry what has sockets of its own. */
  constructor(settings: DataPlaneSettings, calls: SystemCalls, createCrew?: (host: CrewHost) => RelayCrew) {
    this.#settings = settings;
    this.#parts = createLinuxParts(calls, this.#counters);
    this.#answers = new AnswerSender(this.#parts.outgoing);
    this.#places = new ClientPlaces(
      settings.limits.clientSockets,
      this.#parts,
      (listener, client, slot, start, end) => {
        this.#receiveFromSocketOf(listener, client, slot, start, end);
      },
      ({ relay }) => {
        if (relay !== undefined) this.#crew?.clientSetApart(relay);
      },
    );
    this.#crew = createCrew?.(this.#hostOfCrew());
    this.#shaper = new Shaper({
      bytesPerSecond: settings.limits.bytesPerSecondPerUser,
      bytesPerSecondPerRelay: settings.limits.bytesPerSecondPerRelay,
      nowMs: settings.nowMs,
      counters: this.#counters,
      states: this.#crew?.states,
    });
    this.#routes = new Routes(settings, this.#shaper, new FrameWriter());
    this.#forwarder = new Forwarder(settings, this.#routes, this.#shaper, this.#counters);
  }

  #hostOfCrew(): CrewHost {
    const { own } = this.#settings;
    return {
      poller: this.#parts.poller,
      servicePorts: own.servicePorts,
      relay: (id) => this.#routes.relay(id),
      relayAt: (family, port) => this.#routes.relayAt(family, port),
      receiveFromWorker: (client, octets) => {
        this.#receiveFromWorker(client, octets);
      },
      joinFromWorker: (relay, { words, port }, octets) => {
        const peer = relay.peers.find(words);
        if (peer?.isPermitted !== true) this.#counters.add(COUNTER.noPermission, 1);
        else this.#forwarder.join(relay, peer, port, octets, 0, octets.length, true);
      },
      addCounts: (counts) => {
        for (const [index, count] of counts.entries()) this.#counters.add(index, count);
      },
    };
  }

  async listen(local: TransportAddress): Promise<BoundListener> {
    try {
      if (this.#isClosed) throw new Error('the data plane is closed');
      const listener = this.#listen(local);
      this.#crew?.listenerOpened(listener);
      await this.#crew?.ready();
      return { id: listener.id, local: listener.local };
    } catch (cause) {
      const target = { transport: 'udp', address: formatIpAddress(local.address), port: local.port } as const;
      throw new ListenError(target, cause);
    }
  }

  #listen(local: TransportAddress): OpenLinuxListener {
    const { sockets, outgoing, arena } = this.#parts;
    // Clients' own sockets share its address. A socket that does not share finds out whether anybody else has it.
    const probe = sockets.open(local, { sharesAddress: false });
    const bound = { ...local, port: sockets.portOf(probe, local.family) };
    sockets.close(probe);
    const fd = sockets.open(bound, { sharesAddress: true });
    sockets.enlargeReceiveBuffer(fd, RECEIVE_BUFFER_BYTES.listener);
    const parts = { arena, outgoing, indications: this.#indications, places: this.#places };
    const listener: OpenLinuxListener = {
      ...this.#routes.listenerParts(),
      local: bound,
      clientCount: 0,
      createClient: (remote) => new LinuxClient(listener, remote, parts),
      socket: new LinuxSocket(fd, this.#parts, {
        maxBatch: LISTENER_BATCH,
        take: (slot, start, end) => {
          this.#receiveFromListener(listener, slot, start, end);
        },
      }),
    };
    this.#routes.addListener(listener);
    return listener;
  }

  async retire(id: number): Promise<boolean> {
    const listener = this.#routes.listener(id);
    if (listener === undefined) return true;
    if (listener.clientCount > 0) return false;
    this.#routes.removeListener(id);
    listener.socket.close();
    await this.#crew?.listenerClosed(id);
    return true;
  }

  #receiveFromListener(listener: LinuxListener, slot: number, start: number, end: number): void {
    const port = this.#parts.incoming.senderOf(slot, listener.local.family, this.#sender);
    const client = this.#routes.datagramClient(listener, this.#sender, port);
    this.#receiveFromClient(listener, client, port, this.#parts.arena.bytes, start, end);
  }

  /** Before it is connected, a socket of a client's own gets what is meant for the listener. */
  #receiveFromSocketOf(
    listener: LinuxListener,
    owner: LinuxClient,
    slot: number,
    start: number,
    end: number,
  ): void {
    const port = this.#parts.incoming.senderOf(slot, listener.local.family, this.#sender);
    const isOwner = port === owner.port && isSameHost(owner.words, this.#sender);
    const client = isOwner ? owner : this.#routes.datagramClient(listener, this.#sender, port);
    this.#receiveFromClient(listener, client, port, this.#parts.arena.bytes, start, end);
  }

  /** The sender's address is in `#sender`; only what is not media becomes an object. */
  #receiveFromClient(
    listener: LinuxListener,
    client: Client | undefined,
    port: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { family } = listener.local;
    // Nothing can be sent back to port 0; only forgers use it.
    if (port === 0 || !looksLikeTurn(bytes, start, end)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    if (this.#forwarder.isRelay(family, this.#sender, port)) {
      this.#counters.add(COUNTER.ownPort, 1);
      return;
    }
    if (this.#forwarder.receiveFromClient(client, bytes, start, end, true)) return;
    // A view that is no Buffer: parts of it are cheaper to make.
    const octets = new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
    if (!isStunMessage(octets)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    // Spelled out: what is spread is made slowly, and so is whatever looks into it.
    const { address } = addressOfHostWords(this.#sender, family);
    const remote = { family, address, port };
    this.#settings.onMessage({ transport: 'udp', remote, local: listener.local, port: listener.id }, octets);
  }

  /** As if it had come to the listener. */
  #receiveFromWorker({ remote, port: id }: ClientPath, octets: Uint8Array): void {
    const listener = this.#routes.listener(id);
    if (listener === undefined || this.#isClosed) return;
    writeHostWords(remote, this.#sender);
    const client = this.#routes.datagramClient(listener, this.#sender, remote.port);
    this.#receiveFromClient(listener, client, remote.port, octets, 0, octets.length);
  }

  attachStream(stream: PlaneStream): number {
    return this.#routes.addStream(stream);
  }

  detachStream(port: number): void {
    this.#routes.removeStream(port);
  }

  receiveFromStream(port: number, bytes: Uint8Array, start: number, end: number): void {
    const client = this.#routes.stream(port);
    if (client === undefined || this.#forwarder.receiveFromClient(client, bytes, start, end, true)) return;
    const { transport, remote, local } = client.stream;
    this.#settings.onMessage({ transport, remote, local, port }, bytes.subarray(start, end));
  }

  apply(change: RouteChange): void {
    if (this.#isClosed) return;
    this.#routes.apply(change);
    this.#crew?.changed(change);
  }

  openSocket(id: RelayId, family: IpAddress['family']): 'open' | 'refused' {
    const relay = this.#routes.relay(id);
    const host = relay?.hostOf(family);
    if (relay === undefined || host === undefined) return 'refused';
    if (relay.socketOf(family) !== undefined) return 'open';
    const { sockets, incoming, arena, outgoing } = this.#parts;
    let fd = -1;
    try {
      fd = sockets.open(
        { family, address: host.local.address, port: relay.portOf(family) },
        { sharesAddress: false },
      );
      sockets.enlargeReceiveBuffer(fd, RECEIVE_BUFFER_BYTES.single);
      const socket = new LinuxSocket(fd, this.#parts, {
        maxBatch: RELAY_BATCH,
        isPaced: true,
        take: (slot, start, end) => {
          const port = incoming.senderOf(slot, family, this.#sender);
          this.#forwarder.receiveFromPeer(relay, this.#sender, port, arena.bytes, start, end - start, true);
        },
      });
      relay.addSocket(family, new LinuxRelaySocket(socket, outgoing));
    } catch {
      if (fd >= 0) sockets.close(fd);
      this.#counters.add(COUNTER.socketErrors, 1);
      return 'refused';
    }
    this.#routes.noteSocketOpened();
    this.#crew?.socketOpened(relay, family);
    return 'open';
  }

  send({ transport, remote, port }: ClientPath, octets: Uint8Array): void {
    if (this.#isClosed) return;
    if (transport !== 'udp') {
      this.#routes.stream(port)?.stream.writeAnswer(octets);
      return;
    }
    const socket = this.#routes.listener(port)?.socket;
    if (socket !== undefined && !this.#answers.send(socket, remote, octets)) {
      this.#counters.add(COUNTER.socketErrors, 1);
    }
  }

  counters(): ReturnType<DataPlane['counters']> {
    return this.#counters.snapshot(this.#crew?.counts());
  }

  relayTotals(id: RelayId): RelayTotals {
    const { packetsFromClient, bytesFromClient, packetsToClient, bytesToClient } =
      this.#routes.relay(id) ?? NOTHING;
    const lent = this.#crew?.totalsOf(id) ?? NOTHING;
    return {
      packetsFromClient: packetsFromClient + lent.packetsFromClient,
      bytesFromClient: bytesFromClient + lent.bytesFromClient,
      packetsToClient: packetsToClient + lent.packetsToClient,
      bytesToClient: bytesToClient + lent.bytesToClient,
    };
  }

  openSockets(): number {
    return this.#routes.openSockets;
  }

  /** How many clients on UDP have a socket of their own. */
  clientSockets(): number {
    return this.#places.count;
  }

  /** Other processes that carry packets for this plane. */
  workers(): readonly WorkerShare[] {
    return this.#crew?.workers() ?? [];
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#shaper.stop();
    this.#routes.clear();
    for (const { socket } of this.#routes.listeners()) socket.close();
    return this.#crew?.close() ?? Promise.resolve();
  }
}
