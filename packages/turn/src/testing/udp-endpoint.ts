import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { formatIpAddress, type TransportAddress } from '@callbox/stun';
import { at, ip } from './addresses.ts';
import { eventually } from './eventually.ts';

/** A datagram and where it came from. */
export interface Received {
  readonly octets: Uint8Array;
  readonly from: TransportAddress;
}

/** A UDP socket of a test: a client, a peer, a stranger. */
export class UdpEndpoint {
  readonly address: TransportAddress;
  readonly #socket: Socket;
  readonly #received: Received[] = [];
  /** The octets alone, for those who only ever hear from one side. */
  readonly inbox: Uint8Array[] = [];

  private constructor(socket: Socket, address: TransportAddress) {
    this.#socket = socket;
    this.address = address;
    socket.on('message', (octets, { address: host, port }) => {
      const copy = new Uint8Array(octets);
      this.#received.push({ octets: copy, from: at(host, port) });
      this.inbox.push(copy);
    });
  }

  static async open(address = '127.0.0.1', port = 0): Promise<UdpEndpoint> {
    const socket = createSocket(ip(address).family === 4 ? 'udp4' : 'udp6');
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return new UdpEndpoint(socket, at(address, socket.address().port));
  }

  send(octets: Uint8Array, to: TransportAddress): void {
    this.#socket.send(octets, to.port, formatIpAddress(to.address));
  }

  /** Sends back whatever comes from now on. */
  echo(): void {
    this.#socket.on('message', (octets, { address: host, port }) => {
      this.#socket.send(octets, port, host);
    });
  }

  /** The next datagram that has not been taken yet. */
  async next(): Promise<Received> {
    await eventually(() => this.#received.length > 0, 'a datagram');
    const [received] = this.#received.splice(0, 1);
    if (received === undefined) throw new Error('unreachable');
    return received;
  }

  /** How many have come and not been taken. */
  get waiting(): number {
    return this.#received.length;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => void this.#socket.close(resolve));
  }
}
