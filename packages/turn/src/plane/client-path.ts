import type { TransportAddress } from '@callbox/stun';

/** How a client talks to the server. */
export type ClientTransport = 'udp' | 'tcp' | 'tls';

/** Where a client's messages come from and where answers go. With `transport`, the two addresses are TURN's 5-tuple. */
export interface ClientPath {
  readonly transport: ClientTransport;
  /** The client. */
  readonly remote: TransportAddress;
  /** The address of ours that the client sent to; answers leave from it. */
  readonly local: TransportAddress;
  /** Which of the plane's listeners (`udp`) or streams (`tcp`, `tls`) this is. */
  readonly port: number;
}
