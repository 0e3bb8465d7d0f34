/** What the processes of a flood say to each other, over the channel that `fork` makes. */

/** The kinds of floods; each is one shape of datagram that a stranger can make. */
export type FloodKind =
  /** Allocate without MESSAGE-INTEGRITY, from anywhere. */
  | 'unsigned'
  /** Allocate with a nonce of the right shape and a MESSAGE-INTEGRITY of random octets. */
  | 'garbage-integrity'
  /** Binding requests. */
  | 'binding'
  /** Datagrams that are no messages: headers alone that promise more, wrong cookies, channels nobody has. */
  | 'malformed'
  /** Unsigned Allocates in the name of the caller's address, from any port. */
  | 'victim';

export interface ServerCommand {
  readonly kind: 'measure';
}

/** What the server is at some instant. */
export interface ServerReading {
  readonly kind: 'reading';
  readonly heldBytes: number;
  readonly residentBytes: number;
  /** Datagrams that it has answered since its start, and all that it has read, whatever became of them. */
  readonly answered: number;
  readonly judged: number;
}

export type ServerReport = { readonly kind: 'listening'; readonly port: number } | ServerReading;

export interface FloodCommand {
  readonly kind: FloodKind;
  readonly port: number;
  readonly durationMs: number;
}

export type FloodReport =
  { readonly kind: 'ready' } | { readonly kind: 'sent'; readonly packets: number; readonly ms: number };

export type CallCommand =
  | { readonly kind: 'connect'; readonly port: number }
  | { readonly kind: 'talk'; readonly durationMs: number };

/** What came of a stretch of the call. */
export interface CallReport {
  readonly kind: 'talked';
  readonly sent: number;
  readonly lost: number;
  /** Signed requests: milliseconds to each answer, in order; `null` for one that was never answered. */
  readonly requestMs: readonly (number | null)[];
}

export type CallMessage = { readonly kind: 'ready' } | { readonly kind: 'connected' } | CallReport;
