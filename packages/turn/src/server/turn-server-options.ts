import type { Duplex } from 'node:stream';
import type { KeyPair } from '../transport/tls-front.ts';
import type { PeerRule } from '../policy/peer-policy.ts';
import type { TurnListener, TurnSession } from './turn-session.ts';

/** What moves the packets of clients on UDP and of peers. */
export type PlaneName = 'linux' | 'dgram';

/** `auto` is `linux` wherever it works; a name demands that plane. */
export type PlaneChoice = 'auto' | PlaneName;

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

/** A socket for clients. */
export interface ListenAddress {
  /**
   * `tls` speaks TLS and nothing else. `tcp` speaks plain TCP and, where the server has a key pair, TLS as well: the first
   * octet tells them apart.
   */
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** `0.0.0.0` and `::` stand for every address of the machine; UDP is then bound to each by itself. */
  readonly address: string;
  /** 0 lets the system choose; `listeners()` tells what it chose. */
  readonly port: number;
}

/** How long things live, in seconds. What is not given keeps its default. */
export interface TurnLifetimes {
  /** What an allocation gets whose client asks for less or for nothing: 600. */
  readonly defaultAllocationSeconds?: number;
  /** 3600. */
  readonly maxAllocationSeconds?: number;
  /** 300 (RFC 8656 §9). */
  readonly permissionSeconds?: number;
  /** 600 (RFC 8656 §12). */
  readonly channelSeconds?: number;
  /** How long an expired channel's number and peer stay tied: 300 (RFC 8656 §12). */
  readonly channelHoldSeconds?: number;
  /** 600. */
  readonly nonceSeconds?: number;
}

/** How much there may be. What is not given keeps its default. */
export interface TurnLimits {
  /**
   * Allocations of one user, or of one id of time-limited credentials: 1000. A browser makes up to six per connection and
   * keeps them for ten minutes after a reload; a static user is often shared by everybody.
   */
  readonly allocationsPerUser?: number;
  /**
   * Allocations of one IPv4 address or IPv6 /64, whoever its users are: 3000. Three rooms of eight in one office that
   * reload at once have 2016. A server that sees clients by a proxy's address needs more.
   */
  readonly allocationsPerSource?: number;
  /** 20,000; the ports of a small range are gone before. */
  readonly allocationsTotal?: number;
  /** 128. */
  readonly permissionsPerAllocation?: number;
  /** 256. */
  readonly channelsPerAllocation?: number;
  /**
   * Answers over UDP to requests without valid credentials, and questions to `findUser`, per IPv4 address or IPv6 /64: a burst
   * of 300, then 100/s.
   */
  readonly strangerAnswers?: { readonly burst: number; readonly perSecond: number };
  /**
   * Octets per second that the allocations of one user may carry, both directions together: 12,500,000, which is 100 Mbit/s. In
   * a full mesh of eight people in HD a guest sends and gets 35 Mbit/s in all, twice that with screens shared. What is too
   * much waits, for a tenth of a second at most, then the oldest goes. A static user that everybody shares needs more;
   * `Infinity` sets no limit.
   */
  readonly bytesPerSecondPerUser?: number;
  /**
   * Octets per second that one allocation may carry, each direction by itself; what is too much is dropped. `Infinity`, the
   * default, sets no limit.
   */
  readonly bytesPerSecondPerAllocation?: number;
  /**
   * Clients on UDP that get a socket of their own, so that a flood at the listener does not touch their calls: 512. The first
   * half goes to whoever has a permission, the rest to those who have sent two hundred packets. Others share the
   * listener's. On Linux; elsewhere all do.
   */
  readonly clientSockets?: number;
  /** Requests that may wait for `findUser`, one per client, 1500 octets each at most: 1000. */
  readonly heldRequests?: number;
  /** How long a request waits for `findUser`: 5 s. */
  readonly findUserTimeoutMs?: number;
  /** From a connection to its first message, and for each message to arrive whole: 10 s. */
  readonly streamMessageTimeoutMs?: number;
  /** Silence on a connection without an allocation: 60 s. */
  readonly streamIdleTimeoutMs?: number;
  /**
   * The longest message on a connection: 65,555 octets, which is a Send indication of the longest datagram. Before there is an
   * allocation it is 4096.
   */
  readonly streamMaxFrameBytes?: number;
  /**
   * Octets of media waiting for a client that does not read them: 1 MiB; when there is more, the oldest goes. All such clients
   * together may have 64 MiB, and 16 KiB each. Of answers it is 8 KiB, then the client goes.
   */
  readonly streamMaxQueuedBytes?: number;
  /** Connections of one IPv4 address or IPv6 /64, those handed in too: 3000. Three rooms of eight in one office that reload at once make half of that. */
  readonly connectionsPerSource?: number;
  /** 10,000. */
  readonly connectionsTotal?: number;
}

/** Who may use the server. */
export interface TurnCredentials {
  /** Static users: name to password. */
  readonly users?: ReadonlyMap<string, string> | undefined;
  /** Static users without a password: name to MD5 over `name:realm:password` (RFC 8489 §9.2.2), 16 octets. */
  readonly userKeys?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Secrets of time-limited credentials (user name `expiry:id`, password base64 of HMAC-SHA1); several while rotating. */
  readonly sharedSecrets?: readonly string[] | undefined;
}

/** CIDR blocks that change which peers relays may reach. The longest prefix wins; at one length a denial does. */
export interface PeerLists {
  /** Blocks that peers may be in although they are denied by default. */
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** A user as the embedder knows him. */
export interface FoundUser {
  readonly password: string;
  /** Whose allocations are counted together; the user name by default. */
  readonly account?: string;
  /** Seconds since 1970. Counts when an allocation is made and never again. */
  readonly expiresAtEpochSeconds?: number;
}

/** Finds a user by name, at once or later; `undefined` where there is none. */
export type FindUser = (username: string) => FoundUser | undefined | Promise<FoundUser | undefined>;

export interface TurnServerOptions extends TurnCredentials {
  /** The REALM of long-term credentials (RFC 8489 §9.2). */
  readonly realm: string;
  /**
   * Asked about users whom neither `users` nor `sharedSecrets` know, and only for clients that have proved their address.
   * Meanwhile the request waits, up to `limits.findUserTimeoutMs`. A failure or no answer in time becomes 500.
   */
  readonly findUser?: FindUser;
  /** Key of the stateless nonces, at least 16 octets; share it so that a restart does not invalidate them. Random by default. */
  readonly nonceKey?: Uint8Array;
  /** UDP and TCP sockets to listen on. Each address is bound by itself. May be empty when streams are handed in. */
  readonly listeners: readonly ListenAddress[];
  /** For TLS. May come later, by `setKeyPair`, unless there is a listener that speaks nothing else. */
  readonly keyPair?: KeyPair;
  /**
   * How long the answer to an Allocate request over TCP or TLS is held back where its sender has just asked for its address
   * over UDP, as browsers do: 0 by default, in milliseconds. Chromium keeps to the first way that works, which would often
   * be TCP although UDP is open; 1000 prevents that (docs/browsers.md). Where UDP is closed, nobody waits.
   */
  readonly udpHeadStartMs?: number;
  /** At most one per family. They may be replaced while the server runs, by `setRelayAddresses`. */
  readonly relayAddresses: readonly RelayAddress[];
  /** Ports of relayed transport addresses, inclusive. */
  readonly relayPorts: { readonly min: number; readonly max: number };
  /** CIDR blocks that peers may be in although they are denied by default, and the reverse. The longest prefix wins. */
  readonly allowPeers?: readonly string[];
  readonly denyPeers?: readonly string[];
  /**
   * The embedder's own word on peers: it can only narrow what the lists allow, and the relay addresses of this server stay
   * reachable to everybody. Without it, the lists alone decide. What it throws is a denial.
   */
  readonly peerPolicy?: PeerRule;
  /** Ports of the program's other services: never reachable through a relay on an address of this machine. */
  readonly servicePorts?: readonly number[];
  readonly lifetimes?: TurnLifetimes;
  readonly limits?: TurnLimits;
  /**
   * What moves the packets: `linux` reads and sends many in one call of the kernel, `dgram` uses Node's own sockets. By
   * default (`auto`) it is `linux` wherever that works. Which it is, and why, is logged when the server starts.
   */
  readonly plane?: PlaneChoice;
  /**
   * Processes that carry the packets of clients which have a socket of their own (`limits.clientSockets`). With 1, the default, this
   * process does everything. With `auto` it starts others when it has more to do than half a core carries well, and ends them when
   * there is less, so that together they are as many as there are cores at most; `{ atMost }` says how many that is, where somebody knows
   * better than `os.availableParallelism`. With 2 or more so many others run all the time, and this process carries none of
   * what they can. Only with the `linux` plane, 64 at most, and only where `process.execPath` is Node.
   */
  readonly workers?: number | 'auto' | { readonly atMost: number };
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
  /**
   * Serves another certificate from the next handshake on, and drops nobody.
   *
   * @throws TurnOptionsError when the pair cannot be used; the one before is then kept.
   */
  setKeyPair(keyPair: KeyPair): void;
  /** Ends every allocation and closes every socket. */
  stop(): Promise<void>;
  /**
   * Replaces users and secrets: what is left out is empty from then on. Living allocations keep the key they were made
   * with; `endSessionsOf` ends those of somebody who shall not stay.
   */
  setCredentials(credentials: TurnCredentials): void;
  /**
   * Replaces the lists of peers, and holds what lives against them (`recheckPeers`).
   *
   * @throws TurnOptionsError when a block is malformed; then nothing has changed.
   */
  setPeerLists(lists: PeerLists): void;
  /**
   * Gives every allocation that is made from now on these addresses, at most one per family; those that exist keep theirs,
   * and go on meeting the others.
   *
   * @throws TurnOptionsError when one is no address, or a family has two; then nothing has changed.
   */
  setRelayAddresses(addresses: readonly RelayAddress[]): void;
  /**
   * To be called when the answers of `peerPolicy` have changed: permissions and channels that would no longer be given are
   * withdrawn, all others stay as they are. Returns how many were withdrawn.
   */
  recheckPeers(): number;
  /** Living allocations. */
  sessions(): readonly TurnSession[];
  /** Ends an allocation; its client hears 437 when it refreshes. False when there is none of this id. */
  endSession(id: number): boolean;
  /** Ends all allocations of an account; returns how many there were. They may come back while their credentials hold. */
  endSessionsOf(account: string): number;
  /**
   * Takes no new allocations from now on (508) and leaves everything else alone. Resolves with `empty` when the last
   * allocation has ended, or with `timed-out` after `timeoutMs`, if given.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<'empty' | 'timed-out'>;
  /** Takes new allocations again after `drain`, whose promises still wait for a moment without any. */
  resume(): void;
  /** Tells of every allocation that is created, refreshed or ended. Returns what ends the subscription. */
  subscribe(listener: TurnListener): () => void;
  /** What moves the packets. */
  readonly plane: PlaneName;
  /** For a log: what the kernel offers the plane, or the `reason` why it is not the other one. */
  readonly planeDetails: Readonly<Record<string, boolean | string>>;
  /** Processes that carry packets besides this one, at this moment. */
  workers(): readonly TurnWorker[];
  /** What is bound, with the ports that the system chose. */
  listeners(): readonly ListenAddress[];
  /** Counters since the start, by name. */
  counters(): Readonly<Record<string, number>>;
  /** How much there is now, by name. */
  gauges(): TurnGauges;
}

/** A process that carries packets, and what it has of the work. */
export interface TurnWorker {
  /** Undefined while it is started, replaced or ended; this process carries its calls meanwhile. */
  readonly pid: number | undefined;
  /** How many allocations it carries now. */
  readonly relays: number;
  /** How much of a core it used in the last half second: 1 is a core, used all the time. */
  readonly cores: number;
  /** Packets that it has had from clients and sent to clients since it began. */
  readonly packets: number;
}

/** How much there is now. */
export interface TurnGauges {
  readonly allocations: number;
  readonly allocations_udp: number;
  readonly allocations_tcp: number;
  readonly allocations_tls: number;
  readonly permissions: number;
  readonly channels: number;
  /** Relay ports that could be taken now; of the family that has the fewest. */
  readonly relay_ports_free: number;
  /** Relay ports that have become sockets. */
  readonly relay_sockets: number;
  /** Connections of clients. */
  readonly streams: number;
  /** Requests that wait for `findUser`. */
  readonly held_requests: number;
  /** 1 from `drain` until `resume`. */
  readonly is_draining: 0 | 1;
}
