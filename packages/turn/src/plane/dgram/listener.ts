import type { Socket } from 'node:dgram';
import type { TransportAddress } from '@callbox/stun';
import type { HostTable } from '../host-table.ts';
import type { DatagramClient } from './client.ts';

/** A UDP socket for clients, with those of them that have a relay. */
export interface Listener {
  /** The `port` of its clients' paths. */
  readonly id: number;
  readonly socket: Socket;
  readonly local: TransportAddress;
  /** By host, then by port. */
  readonly clients: HostTable<Map<number, DatagramClient>>;
  clientCount: number;
}
