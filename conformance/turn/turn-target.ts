import type { Credential } from './client/credential.ts';

/** A running TURN server to aim at, and what it was told. */
export interface TurnTarget {
  readonly host: string;
  readonly port: number;
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
  /** An IPv6 address of this machine that the server may relay to. */
  readonly peerHost6?: string | undefined;
  /** Addresses to which the server must not relay. */
  readonly deniedPeers: readonly string[];
  readonly stop: () => Promise<void>;
}

/** What a case needs besides a server with one user. */
export type Feature = 'second-user' | 'shared-secret' | 'ipv6-listener' | 'ipv6-relay' | 'denied-peers';
