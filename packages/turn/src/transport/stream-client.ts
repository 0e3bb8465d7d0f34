import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TransportAddress } from '@callbox/stun';
import { StreamFramer, type FrameSink, type FramingError } from '../codec/stream-framer.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { DataPlane, PlaneStream } from '../plane/data-plane.ts';
import type { EndOfTurn } from './end-of-turn.ts';
import { OutgoingQueue, type QueueChunks } from './outgoing-queue.ts';
import type { SharedRoom } from './shared-room.ts';

/** What a client on a connection may do. */
export interface StreamLimits {
  /** From the connection to the first whole message, and from the beginning of any message to its end. */
  readonly messageTimeoutMs: number;
  /** How long a client without an allocation may be silent. */
  readonly idleTimeoutMs: number;
  /** Of a client with an allocation; others have nothing to say that takes more than 4096. */
  readonly maxFrameBytes: number;
  /** What may wait for a client that reads too slowly: of media, then the oldest goes; of answers, then the client goes. */
  readonly maxQueuedBytes: number;
}

/** Why a connection was closed; fit to name a counter. */
export type StreamEnd =
  | FramingError
  | 'message-timeout'
  | 'idle-timeout'
  | 'client-does-not-read'
  | 'closed-by-client'
  | 'server-stopped';

export interface StreamClientSettings {
  readonly stream: Duplex;
  readonly transport: 'tcp' | 'tls';
  readonly remote: TransportAddress;
  readonly local: TransportAddress;
  readonly plane: DataPlane;
  readonly limits: StreamLimits;
  /** For what waits for clients that do not read. */
  readonly room: SharedRoom;
  readonly endOfTurn: EndOfTurn;
  readonly chunks: QueueChunks;
  readonly hasAllocation: (path: ClientPath) => boolean;
  readonly nowMs: () => number;
  readonly onEnd: (client: StreamClient, end: StreamEnd) => void;
}

/** A client on a TCP or TLS connection: its octets in, its messages out. Owns no timer: `checkTimeouts` is called. */
export class StreamClient implements PlaneStream, FrameSink {
  readonly transport: 'tcp' | 'tls';
  readonly remote: TransportAddress;
  readonly local: TransportAddress;
  readonly path: ClientPath;
  readonly #settings: StreamClientSettings;
  readonly #framer: StreamFramer;
  readonly #queue: OutgoingQueue;
  readonly #openedAtMs: number;
  #lastFrameAtMs: number | undefined;
  #frameBeganAtMs: number | undefined;
  #hasEnded = false;

  constructor(settings: StreamClientSettings) {
    const { stream, transport, remote, local, plane, limits, room, endOfTurn, chunks } = settings;
    const { hasAllocation } = settings;
    this.#settings = settings;
    this.transport = transport;
    this.remote = remote;
    this.local = local;
    this.#framer = new StreamFramer(limits.maxFrameBytes, () => hasAllocation(this.path));
    this.#queue = new OutgoingQueue(stream, { maxBytes: limits.maxQueuedBytes, room, endOfTurn, chunks });
    this.#openedAtMs = settings.nowMs();
    this.path = { transport, remote, local, port: plane.attachStream(this) };

    if (stream instanceof Socket) stream.setNoDelay(true);
    stream.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    const onClosed = (): void => {
      this.end('closed-by-client');
    };
    stream.on('end', onClosed);
    stream.on('close', onClosed);
    stream.on('error', onClosed);
  }

  #receive(chunk: Buffer): void {
    if (this.#hasEnded) return;
    const error = this.#framer.push(chunk, this);
    if (error !== undefined) this.end(error);
    if (!this.#framer.isInsideFrame) this.#frameBeganAtMs = undefined;
    else this.#frameBeganAtMs ??= this.#settings.nowMs();
  }

  onFrame(bytes: Uint8Array, start: number, end: number): void {
    if (this.#hasEnded) return;
    this.#lastFrameAtMs = this.#settings.nowMs();
    this.#frameBeganAtMs = undefined;
    this.#settings.plane.receiveFromStream(this.path.port, bytes, start, end);
  }

  writeMedia(octets: Uint8Array, length: number): number {
    return this.#hasEnded ? 1 : this.#queue.pushMedia(octets, length);
  }

  writeAnswer(octets: Uint8Array): void {
    if (!this.#hasEnded && !this.#queue.pushAnswer(octets)) this.end('client-does-not-read');
  }

  /** Closes the connection if the client has taken too long over something. */
  checkTimeouts(): void {
    const nowMs = this.#settings.nowMs();
    const { messageTimeoutMs, idleTimeoutMs } = this.#settings.limits;
    const waitingSinceMs =
      this.#lastFrameAtMs === undefined ? this.#openedAtMs : (this.#frameBeganAtMs ?? nowMs);
    if (nowMs - waitingSinceMs >= messageTimeoutMs) this.end('message-timeout');
    else if (
      nowMs - (this.#lastFrameAtMs ?? nowMs) >= idleTimeoutMs &&
      !this.#settings.hasAllocation(this.path)
    )
      this.end('idle-timeout');
  }

  end(reason: StreamEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { stream, plane, onEnd } = this.#settings;
    stream.destroy();
    this.#queue.clear();
    plane.detachStream(this.path.port);
    onEnd(this, reason);
  }
}
