import type { IpAddress, TransportAddress } from '@callbox/stun';
import type { OwnAddresses } from '../policy/own-addresses.ts';
import type { ClientPath } from './client-path.ts';
import type { PlaneCounterName } from './plane-counters.ts';
import type { RelayId, RouteChange } from './route-change.ts';

/** A UDP socket for clients. */
export interface BoundListener {
  /** The `port` of its clients' paths. Never used twice. */
  readonly id: number;
  readonly local: TransportAddress;
}

/** What a relay has carried since it was made: packets, and octets of their payloads. */
export interface RelayTotals {
  readonly packetsFromClient: number;
  readonly bytesFromClient: number;
  readonly packetsToClient: number;
  readonly bytesToClient: number;
}

/** How much a data plane may spend. */
export interface PlaneLimits {
  /**
   * How many clients on UDP may be kept apart from the rest of what comes to their listener, so that a flood there does not
   * push out what they send. How that is done is the plane's affair, and so is for whom it is worth while.
   */
  readonly clientSockets: number;
  /**
   * Octets per second, of both directions together, that the relays of one account may carry. What is too much waits for a
   * tenth of a second at most, then the oldest goes. May be infinite.
   */
  readonly bytesPerSecondPerUser: number;
  /** Octets per second that one relay may carry, each direction by itself. What is too much is dropped. No limit by default. */
  readonly bytesPerSecondPerRelay?: number;
}

/** What every data plane is made with. */
export interface DataPlaneSettings {
  readonly own: OwnAddresses;
  readonly limits: PlaneLimits;
  /** A clock that never goes back. */
  readonly nowMs: () => number;
  /** For hash tables whose keys strangers choose. */
  readonly seed: number;
  /** Gets every message that is not media. The octets are only lent. */
  readonly onMessage: (client: ClientPath, octets: Uint8Array) => void;
}

/** A connection to a client, owned by somebody else. */
export interface PlaneStream {
  readonly transport: 'tcp' | 'tls';
  readonly remote: TransportAddress;
  readonly local: TransportAddress;
  /**
   * Queues the first octets, which are only lent. Gives how many frames were dropped for it: the oldest that wait for a
   * client which does not read as fast as its peers send, or this one where there is nobody any more.
   */
  writeMedia(octets: Uint8Array, length: number): number;
  /**
   * Queues an answer, whose octets belong to the stream from then on. Answers are not dropped: a client that does not even
   * read those loses its connection.
   */
  writeAnswer(octets: Uint8Array): void;
}

/**
 * Moves packets between clients and peers. It knows routes and nothing else of TURN: no users, no lifetimes, no policy.
 * Control writes the routes; the plane forwards by itself, in the same thread, and hands up what is not media.
 *
 * What every implementation keeps to:
 * - A relay is its numbers. Packets between two relays of one plane never leave it and need no socket. A relay address,
 *   in any spelling, is reachable at the ports of living relays and at no other; service ports of the machine's other
 *   addresses are not reachable at all. Both hold for each packet.
 * - Nothing throws on account of a packet, and each packet that is dropped is counted under its reason.
 * - An account that is over its rate delays and loses its own packets, nobody else's.
 * - Nothing goes round in a circle inside the server: what comes out of a relay is nobody's client, and what comes out of a
 *   service of ours is nobody's peer (RFC 8656 §21.1.7).
 * - Whatever the kernel says of a packet (refused, too long, unreachable) is the packet's fate and nobody else's.
 */
export interface DataPlane {
  /** Binds a UDP socket for clients; rejects with a `ListenError`. Port 0 lets the system choose. */
  listen(local: TransportAddress): Promise<BoundListener>;
  /** Closes a listener unless one of its clients has a relay; false then. */
  retire(listener: number): Promise<boolean>;
  /** Makes a stream known; the result is the `port` of its clients' paths. */
  attachStream(stream: PlaneStream): number;
  /** The stream is gone. Its relay, if any, is control's to remove. */
  detachStream(port: number): void;
  /** One whole message that came over a stream, without padding. The octets are only lent. */
  receiveFromStream(port: number, bytes: Uint8Array, start: number, end: number): void;
  apply(change: RouteChange): void;
  /** Turns one port of a relay into a socket. `refused` when the system does not give it. */
  openSocket(relay: RelayId, family: IpAddress['family']): 'open' | 'refused';
  /** Sends an answer of control. It leaves from the address that the client sent to. */
  send(client: ClientPath, octets: Uint8Array): void;
  /** Counts since it was made. */
  counters(): ReadonlyMap<PlaneCounterName, number>;
  /** What a living relay has carried; zeros once it is removed. */
  relayTotals(relay: RelayId): RelayTotals;
  /** How many relay ports have become sockets. */
  openSockets(): number;
  /** Closes every socket of the plane's own. */
  close(): Promise<void>;
}
