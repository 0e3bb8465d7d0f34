import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IceGrant, ParticipantId, RoomName } from '@callbox/contract';
import type { RoomJournal } from '../store/room-journal.ts';
import type { Session, Visitor } from './session.ts';

/** Where the library reports to. */
export interface Logger {
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Who sent a request, and by which way. */
export interface Approach {
  /** The IP address of the client, without a port. Empty where it is not known. */
  readonly remoteAddress: string;
  /** The Host that the client asked for: name or address, with its port if it had one. */
  readonly host: string;
  /** The client's connection is encrypted. */
  readonly secure: boolean;
  /** A proxy that understands HTTP only stands between: nothing else gets through where the client came. */
  readonly isProxied: boolean;
  /** Where the page was loaded from, if its browser says so; a page of ours may be silent about it. */
  readonly origin?: string;
}

/** For whom ICE servers are wanted, and how that person's browser reached us. */
export interface IceRequest extends Approach {
  readonly participantId: ParticipantId;
  readonly room: RoomName;
}

/** Somebody has entered or left a room. Only what the server saw itself. */
export interface Presence {
  /**
   * `entered`: also with each connection by which somebody comes back. `away`: that connection is over, and its owner may
   * come back.
   */
  readonly kind: 'entered' | 'away' | 'left';
  readonly room: RoomName;
  readonly participantId: ParticipantId;
  /** As in `Approach`; empty for one who has left without being connected. */
  readonly remoteAddress: string;
}

export interface SignalingServerOptions {
  /** Participants a room holds. */
  readonly maxParticipants: number;
  readonly issueIceServers: (request: IceRequest) => IceGrant;
  /** Decides whether a page of this origin may connect; `origin` is undefined for clients that are no browsers. */
  readonly isOriginAllowed: (origin: string | undefined, host: string) => boolean;
  /**
   * Reads from a request who sent it, for a program that knows proxies which say so. By default the connection's own
   * address and encryption, and the Host header.
   */
  readonly readApproach?: (request: IncomingMessage) => Approach;
  /** Told of everybody who enters or leaves a room, at once. Nobody is told to have left because the server goes away. */
  readonly onPresence?: (presence: Presence) => void;
  /** How often to look for credentials that are half over, in milliseconds: 10,000. */
  readonly iceLookMs?: number;
  /** How long the seat of one whose connection has ended is kept, in seconds: 15. */
  readonly graceSeconds?: number;
  /** Where rooms are written down to outlive the process. Without it they do not. */
  readonly journal?: RoomJournal;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly logger?: Logger;
}

/** The signaling server without a port of its own: the program gives it requests and upgrades from as many as it has. */
export interface SignalingServer {
  /** Answers the request if it is for signaling, and says whether it was. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes over the upgrade if it is for signaling, and says whether it was. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /**
   * Ends all connections, and says that the server will be back. What rooms are written down stays so: whoever has a seat
   * finds it again after the next start.
   */
  close(): Promise<void>;
  /**
   * Opens a session for one who comes by another way than our own sockets. It has no seat to come back to: it leaves with
   * `end`, and is gone after a restart.
   */
  openSession(visitor: Visitor): Session;
  /**
   * Sends everybody inside a room ICE servers made anew: to be called when what `issueIceServers` answers has changed.
   * Before credentials end it happens by itself.
   */
  renewIceServers(): void;
  counts(): { readonly rooms: number; readonly participants: number };
}
