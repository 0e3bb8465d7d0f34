import { RECEIVE_BUFFER_BYTES } from '../../transport/datagram-socket.ts';
import { COUNTER } from '../plane-counters.ts';
import type { LinuxClient } from './linux-client.ts';
import type { LinuxListener } from './linux-listener.ts';
import { LinuxSocket, type LinuxParts } from './linux-sockets.ts';

/** Reads a datagram that has come to a client's socket, or to one that is not connected yet. */
export type TakeFromClient = (
  listener: LinuxListener,
  client: LinuxClient,
  slot: number,
  start: number,
  end: number,
) => void;

/** As many as the kernel takes in a run. */
const CLIENT_BATCH = 64;

/**
 * Sockets for single clients, bound to the address of their listener and connected to the client, so that a flood at the
 * listener fills the listener's queue and nobody else's: see docs/floods.md.
 */
export class ClientPlaces {
  readonly #limit: number;
  readonly #parts: LinuxParts;
  readonly #take: TakeFromClient;
  readonly #onOpened: (client: LinuxClient) => void;
  #count = 0;

  constructor(
    limit: number,
    parts: LinuxParts,
    take: TakeFromClient,
    onOpened: (client: LinuxClient) => void = () => undefined,
  ) {
    this.#limit = limit;
    this.#parts = parts;
    this.#take = take;
    this.#onOpened = onOpened;
  }

  /** How many are taken. */
  get count(): number {
    return this.#count;
  }

  /** Half of them are kept for clients that are known to be busy. Where none is to be had, the listener's socket goes on serving. */
  open(client: LinuxClient, isBusy: boolean): void {
    const limit = isBusy ? this.#limit : Math.ceil(this.#limit / 2);
    if (client.socket !== undefined || client.isSocketRefused || this.#count >= limit) return;
    const socket = this.#tryToOpen(client);
    // Not asked for again: each time would be as much work for nothing.
    if (socket === undefined) {
      client.isSocketRefused = true;
      this.#parts.counters.add(COUNTER.socketErrors, 1);
      return;
    }
    client.socket = socket;
    this.#count += 1;
    this.#onOpened(client);
  }

  #tryToOpen(client: LinuxClient): LinuxSocket | undefined {
    const { sockets } = this.#parts;
    const { listener, family, words, port } = client;
    let fd = -1;
    try {
      fd = sockets.open(listener.local, { sharesAddress: true });
      sockets.connect(fd, family, words, port);
      sockets.enlargeReceiveBuffer(fd, RECEIVE_BUFFER_BYTES.single);
      const socket = new LinuxSocket(fd, this.#parts, {
        maxBatch: CLIENT_BATCH,
        isPaced: true,
        take: (slot, start, end) => {
          this.#take(listener, client, slot, start, end);
        },
      });
      socket.isConnected = true;
      return socket;
    } catch {
      if (fd >= 0) sockets.close(fd);
      return undefined;
    }
  }

  close(client: LinuxClient): void {
    if (client.socket === undefined) return;
    client.socket.close();
    client.socket = undefined;
    this.#count -= 1;
  }
}
