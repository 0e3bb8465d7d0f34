import type { PlaneStream } from '../data-plane.ts';
import { TRANSPORT_OFFSET } from '../plane-counters.ts';
import type { Client } from './client.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Peer, Relay } from './relay.ts';

/** A client on a connection, which keeps what it is given until it is sent. */
export class StreamClient implements Client {
  readonly transportOffset: number;
  readonly isStream = true;
  relay: Relay | undefined;
  readonly stream: PlaneStream;
  readonly #writer: FrameWriter;

  constructor(stream: PlaneStream, writer: FrameWriter) {
    this.stream = stream;
    this.#writer = writer;
    this.transportOffset = TRANSPORT_OFFSET[stream.transport];
  }

  sendChannelData(channel: number, bytes: Uint8Array, start: number, length: number): number {
    const frameBytes = this.#writer.writeChannelData(channel, true, bytes, start, length);
    return this.stream.writeMedia(this.#writer.frame.bytes, frameBytes);
  }

  sendDataIndication(peer: Peer, peerPort: number, bytes: Uint8Array, start: number, length: number): number {
    const frameBytes = this.#writer.writeDataIndication(peer, peerPort, bytes, start, length);
    return this.stream.writeMedia(this.#writer.frame.bytes, frameBytes);
  }

  /** A connection is apart as it is. */
  setApart(): void {
    // Nothing to do.
  }

  /** The connection is its owner's. */
  release(): void {
    // Nothing to do.
  }
}
