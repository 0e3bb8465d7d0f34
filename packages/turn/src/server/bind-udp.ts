import { formatIpAddress, type IpAddress } from '@callbox/stun';
import type { DataPlane } from '../plane/data-plane.ts';
import { ListenError } from '../transport/listen-error.ts';
import { expandWildcard, isWildcard } from './expand-wildcard.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { ListenAddress, Logger } from './turn-server-options.ts';

/**
 * Binds a UDP listener, or one per address of the machine where it is told to listen on all of them; the first port that
 * the system chooses is everybody's. An address that cannot be bound is forgiven only there.
 *
 * @throws ListenError
 */
export async function bindUdp(
  listener: ResolvedOptions['listeners'][number],
  context: { readonly plane: DataPlane; readonly machine: readonly IpAddress[]; readonly logger: Logger },
): Promise<readonly ListenAddress[]> {
  const { plane, machine, logger } = context;
  const bound: ListenAddress[] = [];
  let { port } = listener;
  let lastError: unknown;
  for (const ip of expandWildcard(listener.ip, machine)) {
    try {
      ({ port } = await plane.listen({ ...ip, port }));
      bound.push({ transport: 'udp', address: formatIpAddress(ip.address), port });
    } catch (error) {
      // An interface may show an address that it does not have yet, or no longer.
      const isForgivable = error instanceof ListenError && error.code === 'EADDRNOTAVAIL';
      if (!isForgivable || !isWildcard(listener.ip)) throw error;
      logger.warn('an address of this machine is not served', { reason: error.message });
      lastError = error;
    }
  }
  if (bound.length === 0) {
    throw (
      lastError ??
      new ListenError(
        { ...listener, transport: 'udp' },
        new Error('the machine has no address of this family'),
      )
    );
  }
  return bound;
}
