import type { Socket } from 'node:dgram';
import type { PlaneStream } from '../data-plane.ts';
import { TRANSPORT_OFFSET } from '../plane-counters.ts';
import { sendFrame, type FrameBuffer } from './frame-buffer.ts';
import type { Relay } from './relay.ts';

/** The client's end of a relay. */
export interface Client {
  /** Added to the index of a counter that exists once per transport. */
  readonly transportOffset: number;
  /** Over a stream ChannelData is padded to four octets (RFC 8656 §12.5), and no datagram limits its length. */
  readonly isStream: boolean;
  relay: Relay | undefined;
  /** Sends the first octets of the buffer; false when the client's queue is full. */
  sendFrame(frame: FrameBuffer, length: number): boolean;
}

/** A client that sends datagrams to one of our listeners. */
export class DatagramClient implements Client {
  readonly transportOffset = TRANSPORT_OFFSET.udp;
  readonly isStream = false;
  relay: Relay | undefined;
  readonly #socket: Socket;
  readonly #host: string;
  readonly #port: number;

  constructor(socket: Socket, host: string, port: number) {
    this.#socket = socket;
    this.#host = host;
    this.#port = port;
  }

  sendFrame(frame: FrameBuffer, length: number): boolean {
    return sendFrame(this.#socket, frame, length, this.#port, this.#host);
  }
}

/** A client on a connection, which keeps what it is given until it is sent. */
export class StreamClient implements Client {
  readonly transportOffset: number;
  readonly isStream = true;
  relay: Relay | undefined;
  readonly stream: PlaneStream;

  constructor(stream: PlaneStream) {
    this.stream = stream;
    this.transportOffset = TRANSPORT_OFFSET[stream.transport];
  }

  sendFrame(frame: FrameBuffer, length: number): boolean {
    return this.stream.writeMedia(Buffer.from(frame.bytes.subarray(0, length)));
  }
}
