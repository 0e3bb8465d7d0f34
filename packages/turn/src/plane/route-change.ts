import type { IpAddress, TransportAddress } from '@callbox/stun';
import type { ClientPath } from './client-path.ts';

/** Names a relay between control and its plane. Never used twice. */
export type RelayId = number;

/**
 * What control tells a data plane. Together these are all that a plane knows: which client a relay belongs to, the
 * ports that are its addresses, the peers it may exchange packets with, and the channels that stand for some of them.
 * Lifetimes, users and policies stay with control, which withdraws in time what it gave.
 */
export type RouteChange =
  | {
      readonly kind: 'add-relay';
      readonly relay: RelayId;
      readonly client: ClientPath;
      /** Relays of one account share one rate; the plane knows no more of it than its name. */
      readonly account: string;
      /** The relay's ports, at most one per family. */
      readonly ports: readonly RelayPort[];
    }
  | { readonly kind: 'remove-relay'; readonly relay: RelayId }
  | { readonly kind: 'remove-port'; readonly relay: RelayId; readonly family: IpAddress['family'] }
  | { readonly kind: 'permit'; readonly relay: RelayId; readonly peer: IpAddress }
  | { readonly kind: 'forbid'; readonly relay: RelayId; readonly peer: IpAddress }
  | {
      readonly kind: 'bind-channel';
      readonly relay: RelayId;
      readonly channel: number;
      readonly peer: TransportAddress;
    }
  | { readonly kind: 'unbind-channel'; readonly relay: RelayId; readonly channel: number };

/** An address on which relays have their ports, and how clients know it. Both are of one family. */
export interface PlaneRelayAddress {
  readonly local: IpAddress;
  readonly advertised: IpAddress;
}

/** A relayed transport address: one per family. */
export interface RelayPort {
  readonly family: IpAddress['family'];
  readonly port: number;
  /** The server's when the relay was made; it is kept although later relays may get another. */
  readonly address: PlaneRelayAddress;
}
