import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IceGrant, ParticipantId, RoomName } from '@callbox/contract';

/** Where the library reports to. */
export interface Logger {
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** For whom ICE servers are wanted, and how that person's browser reached us. */
export interface IceRequest {
  readonly participantId: ParticipantId;
  readonly room: RoomName;
  /** The request's Host header as it came: name or address, with its port if it had one. */
  readonly host: string;
  /** The connection is encrypted. */
  readonly secure: boolean;
}

export interface SignalingServerOptions {
  /** Participants a room holds. */
  readonly maxParticipants: number;
  readonly issueIceServers: (request: IceRequest) => IceGrant;
  /** Decides whether a page of this origin may connect; `origin` is undefined for clients that are no browsers. */
  readonly isOriginAllowed: (origin: string | undefined, host: string) => boolean;
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
  /** Ends all connections. */
  close(): Promise<void>;
  counts(): { readonly rooms: number; readonly participants: number };
}
