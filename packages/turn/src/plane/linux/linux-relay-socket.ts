import type { RelaySocket } from '../forwarding/relay-socket.ts';
import type { Peer } from '../forwarding/relay.ts';
import type { LinuxSocket } from './linux-sockets.ts';
import type { SendBatch } from './send-batch.ts';

/** A relay's socket. */
export class LinuxRelaySocket implements RelaySocket {
  readonly socket: LinuxSocket;
  readonly #outgoing: SendBatch;

  constructor(socket: LinuxSocket, outgoing: SendBatch) {
    this.socket = socket;
    this.#outgoing = outgoing;
  }

  /** Nothing waits here: what the kernel does not take is dropped, and counted then. */
  hasRoom(): boolean {
    return true;
  }

  send(peer: Peer, port: number, bytes: Uint8Array, start: number, length: number): void {
    this.#outgoing.place(bytes, start, length, 0, 0);
    this.#outgoing.send(this.socket, peer, port);
  }

  close(): void {
    this.socket.close();
  }
}
