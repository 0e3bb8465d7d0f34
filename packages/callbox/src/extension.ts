import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IceGrant } from '@callbox/contract';
import type { Approach, SignalingServer } from '@callbox/signaling';
import type { Logger } from '@callbox/turn';
import type { Config } from './config/config.ts';
import type { ForeignFile } from './config/foreign-file.ts';

/** What the program has that an extension may build on. */
export interface ExtensionSurroundings {
  readonly config: Config;
  /** Undefined where signaling does not run here. */
  readonly signaling: SignalingServer | undefined;
  /** ICE servers by which nobody reaches anybody, for those who are in no room. */
  readonly issueForStranger: (approach: Approach) => IceGrant;
  readonly readApproach: (request: IncomingMessage) => Approach;
  /** Whether a page of this origin may use the signaling. */
  readonly isOriginAllowed: (origin: string | undefined, host: string) => boolean;
  readonly logger: Logger;
}

/** What `callbox status` tells of an extension. */
export interface ExtensionStatus {
  readonly title: string;
  readonly summary: string;
  /** Since the start, by name. */
  readonly counters: Readonly<Record<string, number>>;
}

/** An extension at work: it is asked after the program's own signaling, on every port of signaling or pages. */
export interface ExtensionDoor {
  /** Answers the request if it is for this door, and says whether it was. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes over the upgrade if it is for this door, and says whether it was. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  status(): ExtensionStatus;
  close(): Promise<void>;
}

/** A part that the program can do without: it hands in what it does, and nothing imports it but `extensions.ts`. */
export interface Extension {
  readonly name: string;
  readonly openDoor: (surroundings: ExtensionSurroundings) => ExtensionDoor;
  /** Configuration files of other programs that it can read. */
  readonly files?: readonly ForeignFile[];
}
