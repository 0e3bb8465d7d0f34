import type { Socket } from 'node:dgram';
import type { PlaneStream } from '../data-plane.ts';
import { TRANSPORT_OFFSET } from '../plane-counters.ts';
import { sendConnectedFrame, sendFrame, type FrameBuffer } from './frame-buffer.ts';
import type { Listener } from './listener.ts';
import type { Relay } from './relay.ts';

/** The client's end of a relay. */
export interface Client {
  /** Added to the index of a counter that exists once per transport. */
  readonly transportOffset: number;
  /** Over a stream ChannelData is padded to four octets (RFC 8656 §12.5), and no datagram limits its length. */
  readonly isStream: boolean;
  relay: Relay | undefined;
  /** Sends the first octets of the buffer; gives how many frames the client's queue had no room for. */
  sendFrame(frame: FrameBuffer, length: number): number;
}

/** A client that sends datagrams to one of our listeners. */
export class DatagramClient implements Client {
  readonly transportOffset = TRANSPORT_OFFSET.udp;
  readonly isStream = false;
  relay: Relay | undefined;
  readonly listener: Listener;
  readonly host: string;
  readonly port: number;
  #socket: Socket | 'refused' | undefined;

  constructor(listener: Listener, host: string, port: number) {
    this.listener = listener;
    this.host = host;
    this.port = port;
  }

  /** The socket of this client alone, if it has one. */
  get socket(): Socket | undefined {
    return this.#socket === 'refused' ? undefined : this.#socket;
  }

  /** True when the system has refused to give it one. */
  get isSocketRefused(): boolean {
    return this.#socket === 'refused';
  }

  adoptSocket(socket: Socket): void {
    this.#socket = socket;
  }

  refuseSocket(): void {
    this.#socket = 'refused';
  }

  /** True when there was one. */
  dropSocket(): boolean {
    const { socket } = this;
    socket?.close();
    this.#socket = undefined;
    return socket !== undefined;
  }

  sendFrame(frame: FrameBuffer, length: number): number {
    const { socket } = this;
    const isSent =
      socket === undefined
        ? sendFrame(this.listener.socket, frame, length, this.port, this.host)
        : sendConnectedFrame(socket, frame, length);
    return isSent ? 0 : 1;
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

  sendFrame(frame: FrameBuffer, length: number): number {
    return this.stream.writeMedia(frame.bytes, length);
  }
}
