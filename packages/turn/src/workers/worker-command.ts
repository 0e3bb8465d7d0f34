import { deserialize, serialize } from 'node:v8';
import type { IpAddress, TransportAddress } from '@callbox/stun';
import type { ClientPath } from '../plane/client-path.ts';
import type { RelayId, RelayPort, RouteChange } from '../plane/route-change.ts';
import type { AddressOwner } from '../policy/own-addresses.ts';

/** A relay as a worker gets to know it: all that forwarding needs, as it is now. */
export interface KnownRelay {
  readonly id: RelayId;
  readonly client: ClientPath;
  readonly account: string;
  readonly ports: readonly RelayPort[];
  /** Where in the shared memory its totals and rates are, and the rate of its account. */
  readonly cell: number;
  readonly accountCell: number;
  readonly peers: readonly {
    readonly address: IpAddress;
    readonly owner: AddressOwner;
    readonly isPermitted: boolean;
  }[];
  readonly channels: readonly {
    readonly channel: number;
    readonly peer: TransportAddress;
    readonly owner: AddressOwner;
  }[];
}

/** A socket of a relay: its client's, or the one of its port in a family. */
export type LentSocket = 'client' | IpAddress['family'];

/** What main tells a worker; where sockets are spoken of, their descriptors come along. */
export type WorkerCommand =
  | { readonly kind: 'listener-opened'; readonly id: number; readonly local: TransportAddress }
  | { readonly kind: 'listener-closed'; readonly id: number }
  | { readonly kind: 'service-ports'; readonly ports: readonly number[] }
  | { readonly kind: 'know'; readonly relay: KnownRelay }
  | {
      readonly kind: 'lend';
      readonly relay: RelayId;
      readonly sockets: readonly { readonly of: LentSocket; readonly droppedBefore: number }[];
    }
  /** Somebody else carries the relay from now on; it stays known. */
  | { readonly kind: 'return'; readonly relay: RelayId }
  /** It is needed no longer, and carries nothing any more. */
  | { readonly kind: 'end' }
  | {
      readonly kind: 'change';
      readonly change: Exclude<RouteChange, { kind: 'add-relay' }>;
      /** Of the peer, where the change has one. */
      readonly owner: AddressOwner;
    };

export function encodeCommand(command: WorkerCommand): Uint8Array {
  return serialize(command);
}

/** Both sides are of one program, so what comes was written by `encodeCommand`. */
export function parseCommand(octets: Uint8Array): WorkerCommand {
  return deserialize(octets) as WorkerCommand;
}
