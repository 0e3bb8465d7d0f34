import type { IpAddress, TransportAddress } from '@callbox/stun';
import type { KnownUser } from '../auth/authenticate.ts';
import type { AddressErrorCode } from '../codec/address-error-code.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { RelayId, RelayPort } from '../plane/route-change.ts';
import { pathKey } from './address-key.ts';

/** A peer whose packets may pass, and to whom packets may go (RFC 8656 §9). */
export interface Permission {
  readonly peer: IpAddress;
  readonly expiresAtMs: number;
}

/** A number that stands for a peer (RFC 8656 §12). */
export interface ChannelBinding {
  readonly channel: number;
  readonly peer: TransportAddress;
  /** Until then it carries data. */
  readonly expiresAtMs: number;
  /** Until then neither number nor peer may be bound otherwise. */
  readonly heldUntilMs: number;
  readonly isBound: boolean;
}

/**
 * A relay port is a number until somebody outside this server may send to it: only then does it get a socket, which may
 * fail when another program has the port.
 */
export type SocketState = 'none' | 'open' | 'refused';

/** One relayed transport address of an allocation. */
export interface RelayedPort extends RelayPort {
  socket: SocketState;
}

/** What a client got from an Allocate request (RFC 8656 §6). Control alone writes to it. */
export interface Allocation {
  readonly id: RelayId;
  readonly client: ClientPath;
  readonly fiveTuple: string;
  readonly owner: KnownUser;
  readonly createdAtMs: number;
  /** Of the request that made it; the same id again is that request on its way twice. */
  readonly transactionId: Uint8Array;
  /** What that request was granted, to be said again. */
  readonly grantedSeconds: number;
  readonly addressErrors: readonly AddressErrorCode[];
  /** The answer is not to be sent before. */
  readonly heldUntilMs: number;
  /** One, or one per family. */
  ports: readonly RelayedPort[];
  expiresAtMs: number;
  readonly permissions: Map<string, Permission>;
  readonly channels: Map<number, ChannelBinding>;
  readonly channelByPeer: Map<string, number>;
  /** No lifetime in this allocation ends before. */
  nextExpiryMs: number;
}

const TRANSPORT_NUMBER = { udp: 0, tcp: 1, tls: 2 } as const;

/** The 5-tuple as the key of a map (RFC 8656 §3.1). UDP and TCP clients of one address and port are two clients. */
export function fiveTupleOf({ transport, remote, local }: ClientPath): string {
  return pathKey(TRANSPORT_NUMBER[transport], local, remote);
}
