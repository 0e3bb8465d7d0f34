import type { RemoteInfo, Socket } from 'node:dgram';
import { formatIpAddress, isStunMessage, type IpAddress, type TransportAddress } from '@callbox/stun';
import { channelDataLength, CHANNEL_DATA_HEADER_BYTES, startsChannelData } from '../../codec/channel-data.ts';
import { readUint16 } from '../../codec/octets.ts';
import {
  createSendIndication,
  readSendIndication,
  SEND_INDICATION_TYPE,
} from '../../codec/send-indication.ts';
import { createDatagramSocket, enlargeReceiveBuffer } from '../../transport/datagram-socket.ts';
import { ListenError } from '../../transport/listen-error.ts';
import type { ClientPath } from '../client-path.ts';
import type { DataPlane, DataPlaneSettings, PlaneStream } from '../data-plane.ts';
import { HostTable } from '../host-table.ts';
import { addressOfHostWords, hostWordsOf, readHostText, type HostWords } from '../host-words.ts';
import { COUNTER, PlaneCounters } from '../plane-counters.ts';
import type { RelayId, RouteChange } from '../route-change.ts';
import { DatagramClient, StreamClient, type Client } from './client.ts';
import { hasRoom, MAX_DATAGRAM_BYTES, sendFrame } from './frame-buffer.ts';
import { FrameWriter } from './frame-writer.ts';
import { Relay, type Peer } from './relay.ts';

type Family = IpAddress['family'];

/** A UDP socket for clients, with those of them that have a relay. */
interface Listener {
  readonly id: number;
  readonly socket: Socket;
  readonly local: TransportAddress;
  /** By host, then by port. */
  readonly clients: HostTable<Map<number, DatagramClient>>;
}

/** The two spellings of the relay address of one family. */
interface RelayHost {
  readonly localText: string;
  readonly localWords: HostWords;
  readonly advertisedWords: HostWords;
}

/**
 * The portable data plane, on Node's own UDP sockets. Each packet costs what `dgram` makes of it (a buffer, an object, a
 * string) and nothing of ours.
 */
export class DgramPlane implements DataPlane {
  readonly #settings: DataPlaneSettings;
  readonly #counters = new PlaneCounters();
  readonly #writer = new FrameWriter();
  readonly #send = createSendIndication();
  readonly #sender: HostWords = new Int32Array(4);
  readonly #listeners: Listener[] = [];
  readonly #streams = new Map<number, StreamClient>();
  readonly #relays = new Map<RelayId, Relay>();
  readonly #relayByPort = { 4: new Map<number, Relay>(), 6: new Map<number, Relay>() };
  readonly #relayHosts = new Map<Family, RelayHost>();
  #nextStream = 0;
  #openSockets = 0;
  #isClosed = false;

  constructor(settings: DataPlaneSettings) {
    this.#settings = settings;
    for (const { local, advertised } of settings.relayAddresses) {
      this.#relayHosts.set(local.family, {
        localText: formatIpAddress(local.address),
        localWords: hostWordsOf(local),
        advertisedWords: hostWordsOf(advertised),
      });
    }
  }

  // -- set-up and tear-down

  listen(local: TransportAddress): Promise<TransportAddress> {
    const address = formatIpAddress(local.address);
    const socket = createDatagramSocket(local.family);
    return new Promise((resolve, reject) => {
      socket.once('error', (cause) => {
        reject(new ListenError({ transport: 'udp', address, port: local.port }, cause));
      });
      socket.once('listening', () => {
        const bound = { ...local, port: socket.address().port };
        this.#adopt(socket, bound);
        resolve(bound);
      });
      socket.bind({ address, port: local.port, exclusive: true });
    });
  }

  #adopt(socket: Socket, local: TransportAddress): void {
    enlargeReceiveBuffer(socket);
    const clients = new HostTable<Map<number, DatagramClient>>(this.#settings.seed);
    const listener: Listener = { id: this.#listeners.length, socket, local, clients };
    this.#listeners.push(listener);
    socket.on('error', () => {
      this.#counters.add(COUNTER.relaySocketErrors, 1);
    });
    socket.on('message', (bytes, remote) => {
      this.#receiveFromClient(listener, bytes, remote);
    });
  }

  attachStream(stream: PlaneStream): number {
    const port = this.#nextStream;
    this.#nextStream += 1;
    this.#streams.set(port, new StreamClient(stream));
    return port;
  }

  detachStream(port: number): void {
    this.#streams.delete(port);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const relay of this.#relays.keys()) this.#removeRelay(relay);
    this.#streams.clear();
    await Promise.all(
      this.#listeners.map(({ socket }) => new Promise<void>((resolve) => void socket.close(resolve))),
    );
  }

  counters(): ReturnType<DataPlane['counters']> {
    return this.#counters.snapshot();
  }

  openSockets(): number {
    return this.#openSockets;
  }

  // -- routes

  apply(change: RouteChange): void {
    if (this.#isClosed) return;
    if (change.kind === 'add-relay') {
      this.#addRelay(change);
      return;
    }
    const relay = this.#relays.get(change.relay);
    if (relay === undefined) return;
    const { own } = this.#settings;
    switch (change.kind) {
      case 'remove-relay':
        this.#removeRelay(change.relay);
        break;
      case 'remove-port':
        this.#removePort(relay, change.family);
        break;
      case 'permit':
        relay.permit(change.peer, own.ownerOf(change.peer));
        break;
      case 'forbid':
        relay.forbid(change.peer);
        break;
      case 'bind-channel':
        relay.bindChannel(change.channel, change.peer, own.ownerOf(change.peer));
        break;
      case 'unbind-channel':
        relay.unbindChannel(change.channel);
        break;
    }
  }

  #addRelay({ relay: id, client: path, ports }: Extract<RouteChange, { kind: 'add-relay' }>): void {
    const client = this.#clientOf(path);
    if (client === undefined) return;
    const relay = new Relay(id, path, client, this.#settings.seed);
    client.relay = relay;
    this.#relays.set(id, relay);
    for (const port of ports) {
      relay.addPort(port);
      this.#relayByPort[port.family].set(port.port, relay);
    }
  }

  #clientOf({ transport, remote, port }: ClientPath): Client | undefined {
    if (transport !== 'udp') return this.#streams.get(port);
    const listener = this.#listeners[port];
    if (listener === undefined) return undefined;
    const words = hostWordsOf(remote);
    const clients = listener.clients.find(words) ?? new Map<number, DatagramClient>();
    const client = new DatagramClient(listener.socket, formatIpAddress(remote.address), remote.port);
    clients.set(remote.port, client);
    listener.clients.set(words, clients);
    return client;
  }

  #removeRelay(id: RelayId): void {
    const relay = this.#relays.get(id);
    if (relay === undefined) return;
    this.#relays.delete(id);
    for (const family of [4, 6] as const) this.#removePort(relay, family);
    relay.client.relay = undefined;
    const { transport, remote, port } = relay.path;
    if (transport !== 'udp') return;
    const words = hostWordsOf(remote);
    const clients = this.#listeners[port]?.clients.find(words);
    clients?.delete(remote.port);
    if (clients?.size === 0) this.#listeners[port]?.clients.delete(words);
  }

  #removePort(relay: Relay, family: Family): void {
    const port = relay.portOf(family);
    if (this.#relayByPort[family].get(port) === relay) this.#relayByPort[family].delete(port);
    if (relay.dropFamily(family)) this.#openSockets -= 1;
  }

  openSocket(id: RelayId, family: Family): 'open' | 'refused' {
    const relay = this.#relays.get(id);
    const host = this.#relayHosts.get(family);
    if (relay === undefined || host === undefined || relay.portOf(family) === 0) return 'refused';
    if (relay.socketOf(family) !== undefined) return 'open';
    const socket = createDatagramSocket(family);
    let hasFailed = false;
    socket.on('error', () => {
      hasFailed = true;
      this.#counters.add(COUNTER.relaySocketErrors, 1);
    });
    socket.on('message', (bytes, remote) => {
      this.#receiveFromPeer(relay, family, bytes, remote);
    });
    // Finishes before it returns, see `createDatagramSocket`.
    socket.bind({ address: host.localText, port: relay.portOf(family), exclusive: true });
    if (hasFailed) {
      socket.close();
      return 'refused';
    }
    relay.addSocket(family, socket);
    this.#openSockets += 1;
    return 'open';
  }

  // -- from clients

  #receiveFromClient(listener: Listener, bytes: Buffer, { address, port }: RemoteInfo): void {
    // Nothing can be answered to port 0; only a forger sends from there.
    if (port === 0 || bytes.length < CHANNEL_DATA_HEADER_BYTES) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    const sender = this.#sender;
    readHostText(address, listener.local.family, sender);
    const client = listener.clients.find(sender)?.get(port);
    if (this.#receiveMedia(client, bytes, 0, bytes.length, false)) return;
    if (!isStunMessage(bytes)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    const remote = { ...addressOfHostWords(sender, listener.local.family), port };
    this.#settings.onMessage({ transport: 'udp', remote, local: listener.local, port: listener.id }, bytes);
  }

  receiveFromStream(port: number, bytes: Uint8Array, start: number, end: number): void {
    const client = this.#streams.get(port);
    if (client === undefined || this.#isClosed) return;
    if (this.#receiveMedia(client, bytes, start, end, true)) return;
    const { transport, remote, local } = client.stream;
    this.#settings.onMessage({ transport, remote, local, port }, bytes.subarray(start, end));
  }

  /** True when this was media, forwarded or dropped. `isLent`: the octets change after the call. */
  #receiveMedia(
    client: Client | undefined,
    bytes: Uint8Array,
    start: number,
    end: number,
    isLent: boolean,
  ): boolean {
    const first = bytes[start] ?? 0;
    const relay = client?.relay;
    if (startsChannelData(first)) {
      if (relay === undefined) this.#counters.add(COUNTER.noAllocation, 1);
      else this.#receiveChannelData(relay, bytes, start, end, isLent);
      return true;
    }
    if (first === 0 && readUint16(bytes, start) === SEND_INDICATION_TYPE) {
      if (relay === undefined) this.#counters.add(COUNTER.noAllocation, 1);
      else this.#receiveSendIndication(relay, bytes, start, end, isLent);
      return true;
    }
    return false;
  }

  #receiveChannelData(relay: Relay, bytes: Uint8Array, start: number, end: number, isLent: boolean): void {
    const length = channelDataLength(bytes, start, end);
    if (length < 0) {
      this.#counters.add(COUNTER.malformedMedia, 1);
      return;
    }
    const channel = relay.channels.get(readUint16(bytes, start));
    if (channel === undefined) {
      this.#counters.add(COUNTER.unboundChannel, 1);
      return;
    }
    this.#forward(
      relay,
      channel.peer,
      channel.port,
      bytes,
      start + CHANNEL_DATA_HEADER_BYTES,
      length,
      isLent,
    );
  }

  #receiveSendIndication(relay: Relay, bytes: Uint8Array, start: number, end: number, isLent: boolean): void {
    const send = this.#send;
    if (!readSendIndication(bytes, start, end, send)) {
      this.#counters.add(COUNTER.malformedMedia, 1);
      return;
    }
    const peer = relay.peers.find(send.peerWords);
    if (peer === undefined) this.#counters.add(COUNTER.noPermission, 1);
    else this.#forward(relay, peer, send.peerPort, bytes, send.dataStart, send.dataBytes, isLent);
  }

  /** To a peer: inside this server if it is a relay of ours, else through the relay's socket. */
  #forward(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    if (!peer.isPermitted) {
      this.#counters.add(COUNTER.noPermission, 1);
      return;
    }
    if (peer.owner === 'relay') {
      const target = this.#relayByPort[peer.family].get(port);
      if (target === undefined) {
        this.#counters.add(COUNTER.ownPort, 1);
        return;
      }
      this.#countFromClient(relay.client, length);
      this.#counters.add(COUNTER.packetsJoined, 1);
      this.#deliverFromRelay(relay, target, peer.family, bytes, start, length);
      return;
    }
    this.#sendToPeer(relay, peer, port, bytes, start, length, isLent);
  }

  #sendToPeer(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    const socket = relay.socketOf(peer.family);
    const counters = this.#counters;
    if (port === 0 || (peer.owner === 'machine' && this.#settings.own.servicePorts.has(port))) {
      counters.add(COUNTER.ownPort, 1);
    } else if (socket === undefined) {
      counters.add(COUNTER.noSocket, 1);
    } else if (length > MAX_DATAGRAM_BYTES) {
      counters.add(COUNTER.tooLong, 1);
    } else if (!hasRoom(socket)) {
      counters.add(COUNTER.queueFull, 1);
    } else {
      this.#countFromClient(relay.client, length);
      if (isLent) {
        this.#writer.writePayload(bytes, start, length);
        sendFrame(socket, this.#writer.frame, length, port, peer.host);
      } else {
        socket.send(bytes, start, length, port, peer.host);
      }
    }
  }

  // -- to clients

  #receiveFromPeer(relay: Relay, family: Family, bytes: Buffer, { address, port }: RemoteInfo): void {
    readHostText(address, family, this.#sender);
    const peer = relay.peers.find(this.#sender);
    if (peer === undefined || !peer.isPermitted) this.#counters.add(COUNTER.peerNotPermitted, 1);
    else this.#deliver(relay, peer, port, bytes, 0, bytes.length);
  }

  /** The target may know its peer by either spelling of our relay address. */
  #deliverFromRelay(
    source: Relay,
    target: Relay,
    family: Family,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const host = this.#relayHosts.get(family);
    if (host === undefined) return;
    let peer = target.peers.find(host.advertisedWords);
    if (peer === undefined || !peer.isPermitted) peer = target.peers.find(host.localWords);
    if (peer === undefined || !peer.isPermitted) this.#counters.add(COUNTER.peerNotPermitted, 1);
    else this.#deliver(target, peer, source.portOf(family), bytes, start, length);
  }

  #deliver(relay: Relay, peer: Peer, port: number, bytes: Uint8Array, start: number, length: number): void {
    const { client } = relay;
    const writer = this.#writer;
    const channel = peer.channels.get(port);
    const frameBytes =
      channel === undefined
        ? writer.writeDataIndication(peer.family, peer.words, port, bytes, start, length)
        : writer.writeChannelData(channel, client.padsChannelData, bytes, start, length);
    if (!client.padsChannelData && frameBytes > MAX_DATAGRAM_BYTES) {
      this.#counters.add(COUNTER.tooLong, 1);
    } else if (client.sendFrame(writer.frame, frameBytes)) {
      this.#counters.add(COUNTER.packetsToClients + client.transportOffset, 1);
      this.#counters.add(COUNTER.bytesToClients + client.transportOffset, length);
    } else {
      this.#counters.add(COUNTER.queueFull, 1);
    }
  }

  #countFromClient(client: Client, length: number): void {
    this.#counters.add(COUNTER.packetsFromClients + client.transportOffset, 1);
    this.#counters.add(COUNTER.bytesFromClients + client.transportOffset, length);
  }

  // -- answers of control

  send({ transport, remote, port }: ClientPath, octets: Uint8Array): void {
    if (this.#isClosed) return;
    if (transport !== 'udp') {
      this.#streams.get(port)?.stream.writeAnswer(octets);
      return;
    }
    const socket = this.#listeners[port]?.socket;
    if (socket !== undefined && hasRoom(socket)) {
      socket.send(octets, 0, octets.length, remote.port, formatIpAddress(remote.address));
    }
  }
}
