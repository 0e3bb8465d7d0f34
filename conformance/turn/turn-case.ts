import type { Credential } from './client/credential.ts';
import type { Peer } from './client/peer.ts';
import type { TurnClient } from './client/turn-client.ts';
import type { Allocation } from './allocation.ts';
import type { TransportKind } from './client/connection.ts';
import type { AttributeToSend } from './client/turn-wire.ts';
import type { Feature, TurnTarget } from './turn-target.ts';

/** What a rule may be about: `tcp` stands for every stream, over TLS too. */
export type TransportClass = Exclude<TransportKind, 'tls'>;

/** Whether something that is about these is about this one. */
export function isAbout(
  transports: readonly TransportClass[] | undefined,
  transport: TransportKind,
): boolean {
  return transports === undefined || transports.includes(transport === 'tls' ? 'tcp' : transport);
}

/** One rule, as something a server does or does not do. */
export interface TurnCase {
  /** Short and stable; differences are listed under it. */
  readonly id: string;
  /** A sentence about the server's behaviour. */
  readonly title: string;
  /** Where it is written. */
  readonly rule: string;
  /** Both by default. */
  readonly transports?: readonly TransportClass[];
  readonly needs?: readonly Feature[];
  /** Fails by rejecting. */
  readonly run: (context: CaseContext) => Promise<void>;
}

export interface ClientChoice {
  readonly credential?: Credential;
  readonly host?: string;
  readonly transport?: TransportKind;
  readonly localPort?: number;
}

/** What a case works with; everything it opened is closed behind it. */
export interface CaseContext {
  readonly target: TurnTarget;
  readonly transport: TransportKind;
  /** A client that has not asked for anything yet. */
  readonly client: (choice?: ClientChoice) => Promise<TurnClient>;
  /** A client with an allocation. */
  readonly allocated: (attributes?: readonly AttributeToSend[], choice?: ClientChoice) => Promise<Allocation>;
  /** A socket on the first of the target's peer hosts, or on the one named. */
  readonly peer: (host?: string) => Promise<Peer>;
}
