/** The ways that are tried, in the order in which they are. */
export const checkWays = ['socket', 'mapping', 'relay-udp', 'relay-tcp', 'relay-tls', 'relay-other'] as const;
/**
 * `socket`: to the server, for everything that is not media. `mapping`: the question for one's own public address (STUN),
 * on which direct calls stand. The others: a call with oneself through the relay alone; `relay-other`: through
 * each relay that the server names besides those.
 */
export type CheckWay = (typeof checkWays)[number];

/** Why a way does not work. */
export type CheckFailure =
  /** Nobody answers there. */
  | 'unreachable'
  /** The server does not know this page, its version, or grants nothing more. */
  | 'refused'
  /** The relay was granted, but the two ends did not find each other. */
  | 'not-connected'
  /** Connected, but nothing came through. */
  | 'no-data'
  /** This browser has no such thing. */
  | 'unsupported';

/** What was measured. Each is undefined where the way has no such thing. */
export interface CheckFigures {
  /** From asking to being connected, in milliseconds. */
  readonly setUpMs: number;
  /** There and back, in milliseconds: the middle of many. */
  readonly delayMs: number | undefined;
  /** From 0 to 1. */
  readonly lossShare: number | undefined;
  readonly bitsPerSecond: number | undefined;
  /** Our own address as the server sees it. */
  readonly mappedAddress: string | undefined;
}

/** What is known of one way. `detail` is for the developer, in English. */
export type CheckState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'good'; readonly figures: CheckFigures }
  /** It works by another way: of the socket, by requests that follow each other. */
  | { readonly kind: 'fallback'; readonly figures: CheckFigures }
  | { readonly kind: 'failed'; readonly reason: CheckFailure; readonly detail: string }
  /** This server does not offer it here. */
  | { readonly kind: 'absent' };

/** A check at one moment: whether it runs, and what is known of each way. */
export interface ConnectivitySnapshot {
  readonly state: 'idle' | 'running' | 'done';
  readonly ways: Readonly<Record<CheckWay, CheckState>>;
}

/** Tries every way to the server that a call may take, needing nobody else. */
export interface ConnectivityCheck {
  readonly snapshot: ConnectivitySnapshot;
  /** Calls `listener` after each change. Returns the way to stop. */
  subscribe(listener: (snapshot: ConnectivitySnapshot) => void): () => void;
  /** Tries all ways anew. Resolves when all are settled; what fails is in the snapshot. */
  run(): Promise<void>;
  /** Ends what is under way. */
  close(): void;
}

/** What the check takes from the browser. */
export interface CheckBrowser {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly createSocket: (url: string) => WebSocket;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Milliseconds, steadily growing. */
  readonly now: () => number;
}
