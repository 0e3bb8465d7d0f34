import type { RemoteInfo, Socket } from 'node:dgram';
import { formatIpAddress } from '@callbox/stun';
import {
  createDatagramSocket,
  enlargeReceiveBuffer,
  RECEIVE_BUFFER_BYTES,
  SHARES_ADDRESSES,
} from '../../transport/datagram-socket.ts';
import type { DgramClient } from './dgram-client.ts';
import type { DgramListener } from './dgram-listener.ts';

/**
 * Sockets for single clients, bound to the address of their listener and connected to the client. The kernel queues what
 * such a client sends apart from what everybody sends to the listener, and the event loop serves all sockets in turn: a
 * flood at the listener fills the listener's queue and nobody else's.
 */
export class ClientSockets {
  readonly #limit: number;
  readonly #onMessage: (listener: DgramListener, bytes: Buffer, remote: RemoteInfo) => void;
  readonly #onError: () => void;
  #count = 0;

  constructor(settings: {
    readonly limit: number;
    /** Gets every datagram, also those of others that come in before the socket is connected. */
    readonly onMessage: (listener: DgramListener, bytes: Buffer, remote: RemoteInfo) => void;
    readonly onError: () => void;
  }) {
    this.#limit = SHARES_ADDRESSES ? settings.limit : 0;
    this.#onMessage = settings.onMessage;
    this.#onError = settings.onError;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /**
   * Gives a client a socket of its own if it has none; where that is not to be had, the listener's goes on serving it. Half
   * of them are kept for clients that are known to be busy.
   */
  open(client: DgramClient, isBusy: boolean): void {
    const { listener } = client;
    const limit = isBusy ? this.#limit : Math.ceil(this.#limit / 2);
    if (client.socket !== undefined || client.isSocketRefused || this.#count >= limit) return;
    const socket = createDatagramSocket(listener.local.family, { sharesAddress: true });
    let hasFailed = false;
    // Mostly ECONNREFUSED: the client's machine says that nobody listens there. That is for the allocation's lifetime to settle.
    socket.on('error', () => {
      hasFailed = true;
      this.#onError();
    });
    socket.on('message', (bytes, remote) => {
      this.#onMessage(listener, bytes, remote);
    });
    // Both are done when they return, see `createDatagramSocket`; between them the socket gets what is meant for the listener.
    socket.bind({
      address: formatIpAddress(listener.local.address),
      port: listener.local.port,
      exclusive: true,
    });
    if (!hasFailed) socket.connect(client.port, client.host);
    if (hasFailed || !isConnected(socket)) {
      // Not asked for again: each time would be as much work for nothing.
      client.refuseSocket();
      socket.close();
      return;
    }
    enlargeReceiveBuffer(socket, RECEIVE_BUFFER_BYTES.single);
    client.adoptSocket(socket);
    this.#count += 1;
  }

  close(client: DgramClient): void {
    if (client.dropSocket()) this.#count -= 1;
  }
}

function isConnected(socket: Socket): boolean {
  try {
    socket.remoteAddress();
    return true;
  } catch {
    return false;
  }
}
