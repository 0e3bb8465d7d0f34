import type { Peer, Relay } from './relay.ts';

/** The client's end of a relay. */
export interface Client {
  /** Added to the index of a counter that exists once per transport. */
  readonly transportOffset: number;
  /** Over a stream ChannelData is padded to four octets (RFC 8656 §12.5), and no datagram limits its length. */
  readonly isStream: boolean;
  relay: Relay | undefined;
  /**
   * Sends a payload on a channel (RFC 8656 §12.4). Gives how many frames the client's queue had no room for: this one, or
   * older ones that made room for it.
   */
  sendChannelData(channel: number, bytes: Uint8Array, start: number, length: number): number;
  /** The same as a Data indication (RFC 8656 §11.4). */
  sendDataIndication(peer: Peer, peerPort: number, bytes: Uint8Array, start: number, length: number): number;
  /** Keeps the client apart from whatever else comes to its listener, if there is a place left and it is not already. */
  setApart(isBusy: boolean): void;
  /** The client has no relay any more. */
  release(): void;
}
