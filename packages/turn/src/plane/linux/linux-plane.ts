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
import { addressOfHostWords, type HostWords } from '../host-words.ts';
import { looksLikeTurn } from '../looks-like-turn.ts';
import { COUNTER, PlaneCounters } from '../plane-counters.ts';
import type { RelayId, RouteChange } from '../route-change.ts';
import { AnswerSender } from './answer-sender.ts';
import { ClientPlaces } from './client-places.ts';
import { LinuxClient } from './linux-client.ts';
import type { LinuxListener } from './linux-listener.ts';
import { LinuxRelaySocket } from './linux-relay-socket.ts';
import { LinuxSocket, type LinuxParts } from './linux-sockets.ts';
import { PacketArena } from './packet-arena.ts';
import { Poller } from './poller.ts';
import { ReceiveBatch } from './receive-batch.ts';
import { SendBatch } from './send-batch.ts';
import type { SystemCalls } from './system-calls.ts';
import { UDP_SEGMENT, UdpSockets } from './udp-sockets.ts';

/** What comes to a listener may be a stranger's request, which costs as much as many packets of media. */
const LISTENER_BATCH = 16;
/** As many as the kernel takes in a run. */
const RELAY_BATCH = 64;

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
  readonly #routes: Routes<LinuxListener>;
  readonly #forwarder: Forwarder;
  readonly #sender: HostWords = new Int32Array(4);
  #isClosed = false;

  constructor(settings: DataPlaneSettings, calls: SystemCalls) {
    this.#settings = settings;
    const counters = this.#counters;
    const sockets = new UdpSockets(calls);
    const arena = new PacketArena(calls);
    this.#parts = {
      sockets,
      arena,
      counters,
      poller: new Poller(calls),
      incoming: new ReceiveBatch(calls, arena),
      outgoing: new SendBatch(calls, { arena, counters, canSegment: sockets.hasOption(UDP_SEGMENT) }),
    };
    this.#answers = new AnswerSender(calls);
    this.#places = new ClientPlaces(
      settings.limits.clientSockets,
      this.#parts,
      (listener, client, slot, start, end) => {
        this.#receiveFromSocketOf(listener, client, slot, start, end);
      },
    );
    this.#shaper = new Shaper({
      bytesPerSecond: settings.limits.bytesPerSecondPerUser,
      bytesPerSecondPerRelay: settings.limits.bytesPerSecondPerRelay,
      nowMs: settings.nowMs,
      counters,
    });
    this.#routes = new Routes(settings, this.#shaper, new FrameWriter());
    this.#forwarder = new Forwarder(settings, this.#routes, this.#shaper, counters);
  }

  listen(local: TransportAddress): Promise<BoundListener> {
    try {
      if (this.#isClosed) throw new Error('the data plane is closed');
      const { id, local: bound } = this.#listen(local);
      return Promise.resolve({ id, local: bound });
    } catch (cause) {
      const target = { transport: 'udp', address: formatIpAddress(local.address), port: local.port } as const;
      return Promise.reject(new ListenError(target, cause));
    }
  }

  #listen(local: TransportAddress): LinuxListener {
    const { sockets, outgoing, arena } = this.#parts;
    // Clients' own sockets share its address. A socket that does not share finds out whether anybody else has it.
    const probe = sockets.open(local, { sharesAddress: false });
    const bound = { ...local, port: sockets.portOf(probe, local.family) };
    sockets.close(probe);
    const fd = sockets.open(bound, { sharesAddress: true });
    sockets.enlargeReceiveBuffer(fd, RECEIVE_BUFFER_BYTES.listener);
    const parts = { arena, outgoing, indications: this.#indications, places: this.#places };
    const listener: LinuxListener = {
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

  retire(id: number): Promise<boolean> {
    const listener = this.#routes.listener(id);
    if (listener === undefined) return Promise.resolve(true);
    if (listener.clientCount > 0) return Promise.resolve(false);
    this.#routes.removeListener(id);
    listener.socket.close();
    return Promise.resolve(true);
  }

  #receiveFromListener(listener: LinuxListener, slot: number, start: number, end: number): void {
    const port = this.#parts.incoming.senderOf(slot, listener.local.family, this.#sender);
    const client = this.#routes.datagramClient(listener, this.#sender, port);
    this.#receiveFromClient(listener, client, port, start, end);
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
    this.#receiveFromClient(listener, client, port, start, end);
  }

  /** The sender's address is in `#sender`; only what is not media becomes an object. */
  #receiveFromClient(
    listener: LinuxListener,
    client: Client | undefined,
    port: number,
    start: number,
    end: number,
  ): void {
    const { bytes } = this.#parts.arena;
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
    const octets = bytes.subarray(start, end);
    if (!isStunMessage(octets)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    const remote = { ...addressOfHostWords(this.#sender, family), port };
    this.#settings.onMessage({ transport: 'udp', remote, local: listener.local, port: listener.id }, octets);
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
    if (!this.#isClosed) this.#routes.apply(change);
  }

  openSocket(id: RelayId, family: IpAddress['family']): 'open' | 'refused' {
    const relay = this.#routes.relay(id);
    const host = relay?.hostOf(family);
    if (relay === undefined || host === undefined) return 'refused';
    if (relay.socketOf(family) !== undefined) return 'open';
    const { sockets, incoming, arena, outgoing } = this.#parts;
    let fd = -1;
    try {
      fd = sockets.open({ ...host.local, port: relay.portOf(family) }, { sharesAddress: false });
      sockets.enlargeReceiveBuffer(fd, RECEIVE_BUFFER_BYTES.single);
      const socket = new LinuxSocket(fd, this.#parts, {
        maxBatch: RELAY_BATCH,
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
    return 'open';
  }

  send({ transport, remote, port }: ClientPath, octets: Uint8Array): void {
    if (this.#isClosed) return;
    if (transport !== 'udp') {
      this.#routes.stream(port)?.stream.writeAnswer(octets);
      return;
    }
    const socket = this.#routes.listener(port)?.socket;
    if (socket !== undefined && !this.#answers.send(socket.fd, remote, octets)) {
      this.#counters.add(COUNTER.socketErrors, 1);
    }
  }

  counters(): ReturnType<DataPlane['counters']> {
    return this.#counters.snapshot();
  }

  relayTotals(id: RelayId): RelayTotals {
    const relay = this.#routes.relay(id);
    return {
      packetsFromClient: relay?.packetsFromClient ?? 0,
      bytesFromClient: relay?.bytesFromClient ?? 0,
      packetsToClient: relay?.packetsToClient ?? 0,
      bytesToClient: relay?.bytesToClient ?? 0,
    };
  }

  openSockets(): number {
    return this.#routes.openSockets;
  }

  /** How many clients on UDP have a socket of their own. */
  clientSockets(): number {
    return this.#places.count;
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#shaper.stop();
    this.#routes.clear();
    for (const { socket } of this.#routes.listeners()) socket.close();
    return Promise.resolve();
  }
}
