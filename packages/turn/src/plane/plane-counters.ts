import type { ClientTransport } from './client-path.ts';

/** Everything a data plane counts, by the names under which it is shown. */
export const PLANE_COUNTER_NAMES = [
  'packets_from_clients_udp',
  'packets_from_clients_tcp',
  'packets_from_clients_tls',
  'bytes_from_clients_udp',
  'bytes_from_clients_tcp',
  'bytes_from_clients_tls',
  'packets_to_clients_udp',
  'packets_to_clients_tcp',
  'packets_to_clients_tls',
  'bytes_to_clients_udp',
  'bytes_to_clients_tcp',
  'bytes_to_clients_tls',
  'packets_to_peers',
  'bytes_to_peers',
  'packets_joined',
  'packets_delayed',
  'socket_errors',
  'dropped_not_turn',
  'dropped_malformed_media',
  'dropped_no_allocation',
  'dropped_unbound_channel',
  'dropped_no_permission',
  'dropped_peer_not_permitted',
  'dropped_own_port',
  'dropped_no_socket',
  'dropped_queue_full',
  'dropped_over_rate',
  'dropped_too_long',
  'dropped_by_kernel',
] as const;

export type PlaneCounterName = (typeof PLANE_COUNTER_NAMES)[number];

/** Where a count of one of the three transports lies behind that of the first. */
export const TRANSPORT_OFFSET: Readonly<Record<ClientTransport, number>> = { udp: 0, tcp: 1, tls: 2 };

/** Places in the array of counts, for the packet path: a number to a number. */
export const COUNTER = {
  packetsFromClients: PLANE_COUNTER_NAMES.indexOf('packets_from_clients_udp'),
  bytesFromClients: PLANE_COUNTER_NAMES.indexOf('bytes_from_clients_udp'),
  packetsToClients: PLANE_COUNTER_NAMES.indexOf('packets_to_clients_udp'),
  bytesToClients: PLANE_COUNTER_NAMES.indexOf('bytes_to_clients_udp'),
  packetsToPeers: PLANE_COUNTER_NAMES.indexOf('packets_to_peers'),
  bytesToPeers: PLANE_COUNTER_NAMES.indexOf('bytes_to_peers'),
  packetsJoined: PLANE_COUNTER_NAMES.indexOf('packets_joined'),
  packetsDelayed: PLANE_COUNTER_NAMES.indexOf('packets_delayed'),
  socketErrors: PLANE_COUNTER_NAMES.indexOf('socket_errors'),
  notTurn: PLANE_COUNTER_NAMES.indexOf('dropped_not_turn'),
  malformedMedia: PLANE_COUNTER_NAMES.indexOf('dropped_malformed_media'),
  noAllocation: PLANE_COUNTER_NAMES.indexOf('dropped_no_allocation'),
  unboundChannel: PLANE_COUNTER_NAMES.indexOf('dropped_unbound_channel'),
  noPermission: PLANE_COUNTER_NAMES.indexOf('dropped_no_permission'),
  peerNotPermitted: PLANE_COUNTER_NAMES.indexOf('dropped_peer_not_permitted'),
  ownPort: PLANE_COUNTER_NAMES.indexOf('dropped_own_port'),
  noSocket: PLANE_COUNTER_NAMES.indexOf('dropped_no_socket'),
  queueFull: PLANE_COUNTER_NAMES.indexOf('dropped_queue_full'),
  overRate: PLANE_COUNTER_NAMES.indexOf('dropped_over_rate'),
  tooLong: PLANE_COUNTER_NAMES.indexOf('dropped_too_long'),
  droppedByKernel: PLANE_COUNTER_NAMES.indexOf('dropped_by_kernel'),
} as const;

/** Counts of packets, octets and drops. Adding makes no object. */
export class PlaneCounters {
  readonly #values: Float64Array;

  /** Counts on in memory that others read, if any is given. */
  constructor(values: Float64Array = new Float64Array(PLANE_COUNTER_NAMES.length)) {
    this.#values = values;
  }

  add(index: number, amount: number): void {
    this.#values[index] = (this.#values[index] ?? 0) + amount;
  }

  /** All of them, together with what was counted elsewhere. */
  snapshot(elsewhere?: Float64Array): ReadonlyMap<PlaneCounterName, number> {
    return new Map(
      PLANE_COUNTER_NAMES.map((name, index) => [
        name,
        (this.#values[index] ?? 0) + (elsewhere?.[index] ?? 0),
      ]),
    );
  }
}
