import type { ClientTransport } from '../plane/client-path.ts';
import type { Control } from './control.ts';

/** How much there is. */
export interface Tally {
  readonly allocations: number;
  readonly allocationsBy: Readonly<Record<ClientTransport, number>>;
  readonly permissions: number;
  readonly channels: number;
  /** That could be taken now; of the family that has the fewest. */
  readonly freePorts: number;
}

/** Counts what lives: one pass over everything, for whoever looks now and then. */
export function tally(control: Control, nowMs: number): Tally {
  const allocationsBy = { udp: 0, tcp: 0, tls: 0 };
  let permissions = 0;
  let channels = 0;
  for (const allocation of control.allocations.values()) {
    allocationsBy[allocation.client.transport] += 1;
    permissions += allocation.permissions.size;
    for (const { isBound } of allocation.channels.values()) channels += isBound ? 1 : 0;
  }
  const free = Array.from(control.ports.values(), (pool) => pool.freePorts(nowMs));
  return {
    allocations: control.allocations.size,
    allocationsBy,
    permissions,
    channels,
    freePorts: free.length === 0 ? 0 : Math.min(...free),
  };
}
