import type { Socket } from 'node:dgram';
import type { FrameWriter } from '../forwarding/frame-writer.ts';
import type { RelaySocket } from '../forwarding/relay-socket.ts';
import type { Peer } from '../forwarding/relay.ts';
import { hasRoom, sendFrame } from './send-frame.ts';

/** A relay's socket of Node's. */
export class DgramRelaySocket implements RelaySocket {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;

  constructor(socket: Socket, writer: FrameWriter) {
    this.#socket = socket;
    this.#writer = writer;
  }

  hasRoom(): boolean {
    return hasRoom(this.#socket);
  }

  send(
    { host }: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    if (isLent) {
      this.#writer.writePayload(bytes, start, length);
      sendFrame(this.#socket, this.#writer.frame, length, port, host);
    } else {
      this.#socket.send(bytes, start, length, port, host);
    }
  }

  close(): void {
    this.#socket.close();
  }
}
