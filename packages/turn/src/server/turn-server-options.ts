import type { Duplex } from 'node:stream';

/** Where the library reports to. Never given a credential. */
export interface Logger {
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** An address on which relayed transport addresses are made, one per family at most. */
export interface RelayAddress {
  /** The address of an interface of this machine; relay sockets are bound to it. */
  readonly local: string;
  /** The address told to clients, where a NAT maps it; `local` otherwise. */
  readonly advertised: string;
}

export interface TurnServerOptions {
  /** The REALM of long-term credentials (RFC 8489 §9.2). */
  readonly realm: string;
  /** Static users: name to password. */
  readonly users?: ReadonlyMap<string, string>;
  /** Secrets of time-limited credentials (user name `expiry:id`, password base64 of HMAC-SHA1); several while rotating. */
  readonly sharedSecrets?: readonly string[];
  /** Key of the stateless nonces, at least 16 octets; share it so that a restart does not invalidate them. Random by default. */
  readonly nonceKey?: Uint8Array;
  /** UDP and TCP sockets to listen on. Each address is bound by itself. May be empty when streams are handed in. */
  readonly listeners: readonly {
    readonly transport: 'udp' | 'tcp';
    readonly address: string;
    readonly port: number;
  }[];
  readonly relayAddresses: readonly RelayAddress[];
  /** Ports of relayed transport addresses, inclusive. */
  readonly relayPorts: { readonly min: number; readonly max: number };
  /** CIDR blocks that peers may be in although they are denied by default, and the reverse. The longest prefix wins. */
  readonly allowPeers?: readonly string[];
  readonly denyPeers?: readonly string[];
  readonly logger?: Logger;
}

/** An accepted connection from a client, given by a program that owns the port. */
export interface TurnStream {
  readonly stream: Duplex;
  readonly transport: 'tcp' | 'tls';
  readonly remote: { readonly address: string; readonly port: number };
  readonly local: { readonly address: string; readonly port: number };
}

export interface TurnServer {
  /** Binds all listeners. Rejects with a `ListenError` that names the one that failed; then nothing stays bound. */
  start(): Promise<void>;
  /** Takes over an accepted connection, octets already read included (`stream.unshift` them first). */
  acceptStream(connection: TurnStream): void;
  /** Ends every allocation and closes every socket. */
  stop(): Promise<void>;
  /** Counters since the start, by name. */
  counters(): Readonly<Record<string, number>>;
}
