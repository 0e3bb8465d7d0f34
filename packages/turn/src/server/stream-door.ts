import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TransportAddress } from '@callbox/stun';
import type { ClientPath } from '../plane/client-path.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import { readSocketAddress } from '../transport/client-address.ts';
import { ConnectionGate, type ConnectionLimits } from '../transport/connection-gate.ts';
import { EndOfTurn } from '../transport/end-of-turn.ts';
import { QueueChunks } from '../transport/outgoing-queue.ts';
import { SharedRoom } from '../transport/shared-room.ts';
import { StreamClient, type StreamEnd, type StreamLimits } from '../transport/stream-client.ts';
import { listenTcp, type TcpListener } from '../transport/tcp-listener.ts';
import { detectTls, TlsFront, type KeyPair } from '../transport/tls-front.ts';
import { monotonicMs } from './clock.ts';
import type { ServerCounters } from './server-counters.ts';
import { TurnOptionsError } from './turn-options-error.ts';
import type { ListenAddress, TurnStream } from './turn-server-options.ts';

export interface StreamDoorSettings {
  readonly plane: DataPlane;
  readonly counters: ServerCounters;
  readonly streamLimits: StreamLimits;
  readonly connectionLimits: ConnectionLimits;
  /** Undefined where nobody speaks TLS. */
  readonly keyPair: KeyPair | undefined;
  readonly hasAllocation: (path: ClientPath) => boolean;
  readonly onGone: (path: ClientPath) => void;
}

/** What may wait for all clients together that do not read, beyond a little of each. */
const SHARED_ROOM_BYTES = 64 * 1024 * 1024;

/** A connection and its ends. */
interface Arrival {
  readonly stream: Duplex;
  readonly transport: 'tcp' | 'tls';
  readonly remote: TransportAddress;
  readonly local: TransportAddress;
}

/** Where clients on connections come in: at ports of our own, or handed in by a program that owns the port. */
export class StreamDoor {
  readonly #settings: StreamDoorSettings;
  readonly #gate: ConnectionGate;
  readonly #endOfTurn = new EndOfTurn();
  readonly #room = new SharedRoom(SHARED_ROOM_BYTES);
  readonly #chunks = new QueueChunks();
  readonly #listeners: TcpListener[] = [];
  readonly #bound: ListenAddress[] = [];
  /** Accepted at ports of our own, whatever has become of them. */
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<StreamClient>();
  #tls: TlsFront | undefined;
  #isClosed = false;

  constructor(settings: StreamDoorSettings) {
    this.#settings = settings;
    this.#gate = new ConnectionGate(settings.connectionLimits);
    if (settings.keyPair !== undefined) this.setKeyPair(settings.keyPair);
  }

  /** Clients with a connection. */
  get size(): number {
    return this.#clients.size;
  }

  /** Opens a port; rejects with a `ListenError`. */
  async listen({ transport, address, port }: ListenAddress): Promise<ListenAddress> {
    const kind = transport === 'tls' ? 'tls' : 'tcp';
    const listener = await listenTcp({ address, port }, (socket) => {
      this.#acceptSocket(socket, kind);
    });
    this.#listeners.push(listener);
    const bound: ListenAddress = { transport, address, port: listener.port };
    this.#bound.push(bound);
    return bound;
  }

  /** What is bound. */
  listeners(): readonly ListenAddress[] {
    return this.#bound;
  }

  /** @throws TurnOptionsError when the pair cannot be used; the one before is then kept. */
  setKeyPair(keyPair: KeyPair): void {
    try {
      if (this.#tls === undefined) this.#tls = new TlsFront(keyPair);
      else this.#tls.setKeyPair(keyPair);
    } catch (cause) {
      // What OpenSSL says names neither the key nor anything of it.
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TurnOptionsError('INVALID_KEY_PAIR', `certificate and key cannot be used: ${reason}`, {
        cause,
      });
    }
  }

  #acceptSocket(socket: Socket, kind: 'tcp' | 'tls'): void {
    const arrival = this.#admit({
      stream: socket,
      remote: readSocketAddress(socket.remoteAddress, socket.remotePort),
      local: readSocketAddress(socket.localAddress, socket.localPort),
    });
    if (arrival === undefined) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (kind === 'tls') {
      this.#secure(socket, arrival);
    } else if (this.#tls === undefined) {
      this.#begin({ ...arrival, stream: socket, transport: 'tcp' });
    } else {
      detectTls(socket, this.#settings.streamLimits.messageTimeoutMs, (transport) => {
        if (transport === 'tls') {
          this.#secure(socket, arrival);
        } else {
          this.#begin({ ...arrival, stream: socket, transport });
          socket.resume();
        }
      });
    }
  }

  #secure(socket: Socket, { remote, local }: Pick<Arrival, 'remote' | 'local'>): void {
    if (this.#tls === undefined) socket.destroy();
    else this.#begin({ stream: this.#tls.secure(socket), transport: 'tls', remote, local });
  }

  /** Takes a connection that somebody else has accepted. */
  accept({ stream, transport, remote, local }: TurnStream): void {
    const arrival = this.#admit({
      stream,
      remote: readSocketAddress(remote.address, remote.port),
      local: readSocketAddress(local.address, local.port),
    });
    if (arrival !== undefined) this.#begin({ ...arrival, stream, transport });
  }

  /** Closes a connection that is of no use or one too many. */
  #admit({
    stream,
    remote,
    local,
  }: {
    readonly stream: Duplex;
    readonly remote: TransportAddress | undefined;
    readonly local: TransportAddress | undefined;
  }): Pick<Arrival, 'remote' | 'local'> | undefined {
    const isUsable = !this.#isClosed && !stream.destroyed && remote !== undefined && local !== undefined;
    if (isUsable && this.#gate.enter(remote)) {
      stream.once('close', () => {
        this.#gate.leave(remote);
      });
      return { remote, local };
    }
    if (isUsable) this.#settings.counters.count('streamRefused');
    stream.on('error', () => undefined);
    stream.destroy();
    return undefined;
  }

  #begin({ stream, transport, remote, local }: Arrival): void {
    const { plane, counters, streamLimits: limits, hasAllocation } = this.#settings;
    counters.count('streamAccepted');
    this.#clients.add(
      new StreamClient({
        stream,
        transport,
        remote,
        local,
        plane,
        limits,
        room: this.#room,
        endOfTurn: this.#endOfTurn,
        chunks: this.#chunks,
        hasAllocation,
        nowMs: monotonicMs,
        onEnd: (client, end) => {
          this.#clientEnded(client, end);
        },
      }),
    );
  }

  #clientEnded(client: StreamClient, end: StreamEnd): void {
    this.#clients.delete(client);
    this.#settings.counters.countStreamEnd(end);
    this.#settings.onGone(client.path);
  }

  /** Lets those go that take too long over something. */
  sweep(): void {
    for (const client of this.#clients) client.checkTimeouts();
  }

  /** Closes the ports and every connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#listeners.map((listener) => listener.close());
    for (const client of this.#clients) client.end('server-stopped');
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }
}
