import type { EndCause } from '../control/outcome.ts';
import type { ClientTransport } from '../plane/client-path.ts';
import type { RelayTotals } from '../plane/data-plane.ts';

/** An address in its canonical spelling, with a port. */
export interface TurnAddress {
  readonly address: string;
  readonly port: number;
}

/** A living allocation, as operators and embedders see it. Holds no credential. */
export interface TurnSession extends RelayTotals {
  /** Unique as long as the server lives. */
  readonly id: number;
  /** Whose it is: the id behind the expiry of time-limited credentials, the user's name otherwise. */
  readonly account: string;
  readonly transport: ClientTransport;
  /** The address from which the client reaches us: its own or that of its NAT. */
  readonly client: TurnAddress;
  /** As told to the client: one address, or one per family. */
  readonly relayed: readonly TurnAddress[];
  /** Milliseconds since 1970. */
  readonly createdAtEpochMs: number;
  /** When it ends unless it is refreshed; milliseconds since 1970. */
  readonly expiresAtEpochMs: number;
  /** Hosts it may exchange packets with. */
  readonly permissions: number;
  readonly channels: number;
}

/** Something has happened to an allocation. */
export type TurnEvent =
  | { readonly kind: 'allocation-created'; readonly session: TurnSession }
  | { readonly kind: 'allocation-refreshed'; readonly session: TurnSession }
  | {
      readonly kind: 'allocation-ended';
      /** As it was at its end, with all it has carried. */
      readonly session: TurnSession;
      readonly cause: EndCause;
      readonly durationMs: number;
    };

/** Gets every event, in order, at once. What it throws is logged and goes no further. */
export type TurnListener = (event: TurnEvent) => void;
