import type { TransportAddress } from '@callbox/stun';
import { writeChannelData } from './media.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

const PAYLOAD_BYTES = 200;

/** A client's packets to a peer that sends each of them back, numbered: what is missing at the end was lost. */
export class NumberedCall {
  readonly #client: UdpEndpoint;
  readonly #server: TransportAddress;
  readonly #channel: number;
  #sent = 0;

  constructor(client: UdpEndpoint, server: TransportAddress, channel: number) {
    this.#client = client;
    this.#server = server;
    this.#channel = channel;
  }

  send(): void {
    const payload = new Uint8Array(PAYLOAD_BYTES);
    new DataView(payload.buffer).setUint32(0, this.#sent);
    this.#sent += 1;
    this.#client.send(writeChannelData(this.#channel, payload), this.#server);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Different numbers that have come back. */
  get returned(): number {
    const numbers = this.#client.inbox.map((octets) =>
      new DataView(octets.buffer, octets.byteOffset).getUint32(4),
    );
    return new Set(numbers).size;
  }

  get lost(): number {
    return this.#sent - this.returned;
  }
}
