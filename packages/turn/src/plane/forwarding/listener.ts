import type { TransportAddress } from '@callbox/stun';
import type { HostTable } from '../host-table.ts';
import type { Client } from './client.ts';

/** A UDP socket for clients, with those of them that have a relay. */
export interface Listener {
  /** The `port` of its clients' paths. */
  readonly id: number;
  readonly local: TransportAddress;
  /** By host, then by port. */
  readonly clients: HostTable<Map<number, Client>>;
  clientCount: number;
  /** Makes the one to be written to at an address. */
  createClient(remote: TransportAddress): Client;
}
