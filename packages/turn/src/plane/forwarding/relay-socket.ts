import type { Peer } from './relay.ts';

/** The socket that a port of a relay has become. */
export interface RelaySocket {
  /** True while it takes more. */
  hasRoom(): boolean;
  /** Sends a payload to a port of a peer. `isLent`: the octets change when the call returns. */
  send(peer: Peer, port: number, bytes: Uint8Array, start: number, length: number, isLent: boolean): void;
  close(): void;
}
