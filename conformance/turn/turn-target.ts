import type { Credential } from './client/credential.ts';

/** A running TURN server to aim at, and what it was told. */
export interface TurnTarget {
  readonly host: string;
  readonly port: number;
  /** Where the same server speaks TLS, on the same addresses. */
  readonly tlsPort?: number | undefined;
  /** An IPv6 address on which the same server listens, port as above. */
  readonly host6?: string | undefined;
  readonly realm: string;
  /** Allowed to allocate. */
  readonly credential: Credential;
  /** Another user, allowed to allocate too. */
  readonly otherCredential?: Credential | undefined;
  /** Secret of time-limited credentials. */
  readonly sharedSecret?: string | undefined;
  /** Two addresses of this machine that the server may relay to and that reach it in turn. */
  readonly peerHosts: readonly [string, string];
  /** Addresses to which the server must not relay. */
  readonly deniedPeers: readonly string[];
  /** Lifetimes short enough to wait for. */
  readonly lifetimes?: ShortLifetimes | undefined;
  /** Limits small enough to reach. */
  readonly limits?: SmallLimits | undefined;
  readonly stop: () => Promise<void>;
}

/** In seconds. */
export interface ShortLifetimes {
  /** Also what a client gets that asks for less. */
  readonly allocation?: number;
  readonly permission?: number;
  readonly channel?: number;
  /** How long number and peer stay tied to each other after a channel has expired. */
  readonly channelHold?: number;
  readonly nonce?: number;
}

export interface SmallLimits {
  readonly allocationsPerUser?: number;
  readonly permissionsPerAllocation?: number;
  readonly channelsPerAllocation?: number;
  /** How long a message on a stream may take to arrive. */
  readonly streamMessageMs?: number;
  /** How long a stream without an allocation may be silent. */
  readonly streamIdleMs?: number;
  /** How many relayed addresses there are. */
  readonly relayPorts?: number;
}

/** What a case needs besides a server with one user. */
export type Feature =
  | 'second-user'
  | 'shared-secret'
  | 'ipv6-listener'
  | 'ipv6-relay'
  | 'no-ipv6-relay'
  | 'few-ports'
  | 'denied-peers'
  | 'short-lifetimes'
  | 'short-allocations'
  | 'short-nonces'
  | 'channel-hold'
  | 'user-quota'
  | 'small-tables'
  | 'stream-timeouts';
