import type { RemoteInfo, Socket } from 'node:dgram';
import { formatIpAddress, isStunMessage, type IpAddress, type TransportAddress } from '@callbox/stun';
import {
  bindListener,
  createDatagramSocket,
  enlargeReceiveBuffer,
  RECEIVE_BUFFER_BYTES,
} from '../../transport/datagram-socket.ts';
import { ListenError } from '../../transport/listen-error.ts';
import type { ClientPath } from '../client-path.ts';
import type { BoundListener, DataPlane, DataPlaneSettings, PlaneStream, RelayTotals } from '../data-plane.ts';
import { addressOfHostWords, readHostText, type HostWords } from '../host-words.ts';
import { looksLikeTurn } from '../looks-like-turn.ts';
import { COUNTER, PlaneCounters } from '../plane-counters.ts';
import type { RelayId, RouteChange } from '../route-change.ts';
import { Forwarder } from '../forwarding/forwarder.ts';
import { FrameWriter } from '../forwarding/frame-writer.ts';
import { Routes } from '../forwarding/routes.ts';
import { Shaper } from '../forwarding/shaper.ts';
import { ClientSockets } from './client-sockets.ts';
import { DgramClient } from './dgram-client.ts';
import type { DgramListener } from './dgram-listener.ts';
import { DgramRelaySocket } from './dgram-relay-socket.ts';
import { hasRoom } from './send-frame.ts';

/**
 * The portable data plane, on Node's own UDP sockets. Each packet costs what `dgram` makes of it (a buffer, an object, a
 * string) and next to nothing of ours.
 */
export class DgramPlane implements DataPlane {
  readonly #settings: DataPlaneSettings;
  readonly #counters = new PlaneCounters();
  readonly #clientSockets: ClientSockets;
  readonly #shaper: Shaper;
  readonly #writer = new FrameWriter();
  readonly #routes: Routes<DgramListener>;
  readonly #forwarder: Forwarder;
  readonly #sender: HostWords = new Int32Array(4);
  #isClosed = false;

  constructor(settings: DataPlaneSettings) {
    this.#settings = settings;
    this.#clientSockets = new ClientSockets({
      limit: settings.limits.clientSockets,
      onMessage: (listener, bytes, remote) => {
        this.#receiveFromClient(listener, bytes, remote);
      },
      onError: () => {
        this.#counters.add(COUNTER.socketErrors, 1);
      },
    });
    this.#shaper = new Shaper({
      bytesPerSecond: settings.limits.bytesPerSecondPerUser,
      bytesPerSecondPerRelay: settings.limits.bytesPerSecondPerRelay,
      nowMs: settings.nowMs,
      counters: this.#counters,
    });
    this.#routes = new Routes(settings, this.#shaper, this.#writer);
    this.#forwarder = new Forwarder(settings, this.#routes, this.#shaper, this.#counters);
  }

  async listen(local: TransportAddress): Promise<BoundListener> {
    const socket = await bindListener(local);
    if (this.#isClosed) {
      socket.close();
      const cause = new Error('the data plane is closed');
      throw new ListenError(
        { transport: 'udp', address: formatIpAddress(local.address), port: local.port },
        cause,
      );
    }
    const listener: DgramListener = {
      ...this.#routes.listenerParts(),
      socket,
      local: { ...local, port: socket.address().port },
      clientCount: 0,
      createClient: (remote) =>
        new DgramClient(listener, remote, { sockets: this.#clientSockets, writer: this.#writer }),
    };
    this.#routes.addListener(listener);
    enlargeReceiveBuffer(socket, RECEIVE_BUFFER_BYTES.listener);
    socket.on('error', () => {
      this.#counters.add(COUNTER.socketErrors, 1);
    });
    socket.on('message', (bytes, remote) => {
      this.#receiveFromClient(listener, bytes, remote);
    });
    return { id: listener.id, local: listener.local };
  }

  async retire(id: number): Promise<boolean> {
    const listener = this.#routes.listener(id);
    if (listener === undefined) return true;
    if (listener.clientCount > 0) return false;
    this.#routes.removeListener(id);
    await closeSocket(listener.socket);
    return true;
  }

  /** The addresses of packets are read into words, in place; only what is not media becomes an object. */
  #receiveFromClient(listener: DgramListener, bytes: Buffer, { address, port }: RemoteInfo): void {
    // Nothing can be sent back to port 0; only forgers use it.
    if (port === 0 || !looksLikeTurn(bytes)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    const { family } = listener.local;
    readHostText(address, family, this.#sender);
    if (this.#forwarder.isRelay(family, this.#sender, port)) {
      this.#counters.add(COUNTER.ownPort, 1);
      return;
    }
    const client = this.#routes.datagramClient(listener, this.#sender, port);
    if (this.#forwarder.receiveFromClient(client, bytes, 0, bytes.length, false)) return;
    if (!isStunMessage(bytes)) {
      this.#counters.add(COUNTER.notTurn, 1);
      return;
    }
    // Spelled out: what is spread is made slowly, and so is whatever looks into it.
    const host = addressOfHostWords(this.#sender, family);
    const remote = { family, address: host.address, port };
    this.#settings.onMessage({ transport: 'udp', remote, local: listener.local, port: listener.id }, bytes);
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
    const socket = createDatagramSocket(family);
    let hasFailed = false;
    socket.on('error', () => {
      hasFailed = true;
      this.#counters.add(COUNTER.socketErrors, 1);
    });
    socket.on('message', (bytes, { address, port }) => {
      readHostText(address, family, this.#sender);
      this.#forwarder.receiveFromPeer(relay, this.#sender, port, bytes, 0, bytes.length, false);
    });
    // Done when it returns, see `createDatagramSocket`.
    socket.bind({
      address: formatIpAddress(host.local.address),
      port: relay.portOf(family),
      exclusive: true,
    });
    if (hasFailed) {
      socket.close();
      return 'refused';
    }
    enlargeReceiveBuffer(socket, RECEIVE_BUFFER_BYTES.single);
    relay.addSocket(family, new DgramRelaySocket(socket, this.#writer));
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
    if (socket !== undefined && hasRoom(socket)) {
      socket.send(octets, 0, octets.length, remote.port, formatIpAddress(remote.address));
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
    return this.#clientSockets.count;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#shaper.stop();
    this.#routes.clear();
    await Promise.all([...this.#routes.listeners()].map(({ socket }) => closeSocket(socket)));
  }
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.close(resolve));
}
