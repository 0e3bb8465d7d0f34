import type { Socket } from 'node:dgram';
import { formatIpAddress, type TransportAddress } from '@callbox/stun';
import type { Client } from '../forwarding/client.ts';
import type { FrameWriter } from '../forwarding/frame-writer.ts';
import type { Peer, Relay } from '../forwarding/relay.ts';
import { TRANSPORT_OFFSET } from '../plane-counters.ts';
import type { ClientSockets } from './client-sockets.ts';
import type { DgramListener } from './dgram-listener.ts';
import { sendConnectedFrame, sendFrame } from './send-frame.ts';

/** A client that sends datagrams to one of our listeners. */
export class DgramClient implements Client {
  readonly transportOffset = TRANSPORT_OFFSET.udp;
  readonly isStream = false;
  relay: Relay | undefined;
  readonly listener: DgramListener;
  readonly host: string;
  readonly port: number;
  readonly #sockets: ClientSockets;
  readonly #writer: FrameWriter;
  #socket: Socket | 'refused' | undefined;

  constructor(
    listener: DgramListener,
    remote: TransportAddress,
    parts: { readonly sockets: ClientSockets; readonly writer: FrameWriter },
  ) {
    this.listener = listener;
    this.host = formatIpAddress(remote.address);
    this.port = remote.port;
    this.#sockets = parts.sockets;
    this.#writer = parts.writer;
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

  setApart(isBusy: boolean): void {
    this.#sockets.open(this, isBusy);
  }

  release(): void {
    this.#sockets.close(this);
  }

  sendChannelData(channel: number, bytes: Uint8Array, start: number, length: number): number {
    return this.#sendFrame(this.#writer.writeChannelData(channel, false, bytes, start, length));
  }

  sendDataIndication(peer: Peer, peerPort: number, bytes: Uint8Array, start: number, length: number): number {
    return this.#sendFrame(this.#writer.writeDataIndication(peer, peerPort, bytes, start, length));
  }

  #sendFrame(length: number): number {
    const { socket } = this;
    const { frame } = this.#writer;
    const isSent =
      socket === undefined
        ? sendFrame(this.listener.socket, frame, length, this.port, this.host)
        : sendConnectedFrame(socket, frame, length);
    return isSent ? 0 : 1;
  }
}
