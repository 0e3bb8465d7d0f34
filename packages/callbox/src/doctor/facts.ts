import type { RelayProbe } from '@callbox/turn';
import type { IceServer } from '@callbox/contract';
import type { Role } from '../config/role.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** The public address of the server, as it was given. */
export interface PublicName {
  /** `https://calls.example`, without a slash at its end. */
  readonly url: string;
  /** Name or address. */
  readonly host: string;
  readonly isAddress: boolean;
  readonly port: number;
  readonly secure: boolean;
}

/** One of the server's ports. */
export interface PortFact {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly flag: string;
  /** `free` and could be opened; `busy`: somebody has it; the rest is why it could not be opened. */
  readonly state: 'free' | 'busy' | 'forbidden' | 'no-such-address';
  /** The program that has it, where that can be seen: `nginx (process 812)`. */
  readonly holder: string | undefined;
}

/** What answers `/healthz`. */
export type HealthFact =
  | { readonly kind: 'callbox'; readonly instance: string | undefined; readonly roles: readonly string[] }
  /** Ours, and not ready. */
  | { readonly kind: 'unready'; readonly status: number }
  /** Something else answers. */
  | { readonly kind: 'stranger'; readonly status: number }
  /** No connection, or no HTTP on it. `reason` is the system's word. */
  | { readonly kind: 'silent'; readonly reason: string };

/** The certificate that a server shows, and what the system's trust makes of it. */
export interface CertificateFact {
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly isForName: boolean;
  /** How many certificates came. */
  readonly chainLength: number;
  readonly isSelfSigned: boolean;
  /** Issued by the local authority of a Callbox. */
  readonly isOwnAuthority: boolean;
  /** It says where its issuer's certificate is to be had (RFC 5280 §4.2.2.1), as those of public authorities do. */
  readonly namesItsIssuer: boolean;
  /** OpenSSL's word for why it is not trusted, its name aside; undefined for one that is. */
  readonly untrusted: string | undefined;
}

/** What was seen through the public name. */
export interface WebFact {
  readonly health: HealthFact;
  readonly headers: Readonly<Record<string, string>>;
  /** The certificate, or why there was none although TCP connected; undefined over plain HTTP and without a connection. */
  readonly certificate: CertificateFact | { readonly error: string } | undefined;
  /** The status that a WebSocket handshake was answered with: 101 is right. Undefined where it was not tried. */
  readonly websocketStatus: number | undefined;
  /** How far the clock there is ahead of ours, in milliseconds. */
  readonly clockAheadMs: number | undefined;
}

/** A try of one of the relay's URLs. */
export interface RelayFact {
  readonly url: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  readonly probe: RelayProbe;
}

export interface RelayFacts {
  /** What guests are told; undefined where it could not be asked. */
  readonly iceServers: readonly IceServer[] | undefined;
  readonly tries: readonly RelayFact[];
}

export interface SystemFact {
  /** Datagrams to the relay's port that found no room, since it was opened. */
  readonly droppedDatagrams: number | undefined;
  /** Octets of buffer that the system grants to a socket that asks. */
  readonly maxReceiveBuffer: number | undefined;
  /** The ports that the system gives to programs that want any. */
  readonly ephemeralPorts: { readonly min: number; readonly max: number } | undefined;
  /** Of the server where it was found, else of programs started from here. */
  readonly maxOpenFiles: number | undefined;
  readonly freeMemoryBytes: number | undefined;
}

export interface DataFact {
  readonly directory: string;
  /** The system's word for why it cannot be used. */
  readonly error: string | undefined;
  /** It is there. */
  readonly exists: boolean;
  /** Files and folders that others than the owner can read: names, and their modes in octal. */
  readonly readable: readonly { readonly path: string; readonly mode: string }[];
}

/** All that the doctor looks at, gathered before anything is judged. */
export interface Facts {
  readonly nowMs: number;
  readonly roles: readonly Role[];
  readonly listenAddress: string | undefined;
  readonly turnPort: number;
  /** The ports of pages and of signaling; undefined where the part does not run here. */
  readonly onePort: number | undefined;
  readonly signalPort: number | undefined;
  readonly relayPorts: { readonly min: number; readonly max: number };
  readonly publicAddresses: readonly string[];
  /** Addresses of relays that are none of ours, as guests are told of them. */
  readonly foreignRelays: readonly string[];
  readonly name: PublicName | undefined;
  readonly local: LocalAddresses;
  readonly ports: readonly PortFact[];
  /** Of the relay's ports some were opened to see whether it can be done. */
  readonly relayPortsTried: { readonly tried: number; readonly failed: number; readonly reason: string };
  /** On this machine. */
  readonly health: HealthFact;
  /** What the name resolves to, or why it does not; undefined without a name, or where it is an address. */
  readonly resolved:
    { readonly addresses: readonly string[]; readonly error: string | undefined } | undefined;
  readonly web: WebFact | undefined;
  readonly relaysInside: RelayFacts;
  readonly relaysOutside: RelayFacts | undefined;
  readonly system: SystemFact;
  readonly data: DataFact;
}
