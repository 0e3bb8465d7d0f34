import { formatIpAddress } from '@callbox/stun';
import type { Allocation } from '../allocation/allocation.ts';
import type { RelayTotals } from '../plane/data-plane.ts';
import { toEpochMs } from './clock.ts';
import type { TurnAddress, TurnSession } from './turn-session.ts';

/** An allocation without what nobody outside may see or change. */
export function describeSession(allocation: Allocation, totals: RelayTotals): TurnSession {
  const { id, owner, client, createdAtMs, expiresAtMs, permissions, channels } = allocation;
  return {
    id,
    account: owner.account,
    transport: client.transport,
    client: { address: formatIpAddress(client.remote.address), port: client.remote.port },
    relayed: relayedAddresses(allocation),
    createdAtEpochMs: toEpochMs(createdAtMs),
    expiresAtEpochMs: toEpochMs(expiresAtMs),
    permissions: permissions.size,
    channels: Array.from(channels.values()).filter(({ isBound }) => isBound).length,
    ...totals,
  };
}

function relayedAddresses({ ports }: Allocation): readonly TurnAddress[] {
  return ports.map(({ port, address }) => ({ address: formatIpAddress(address.advertised.address), port }));
}
