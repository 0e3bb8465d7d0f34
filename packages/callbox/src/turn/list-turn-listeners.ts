import { isIPv4, isIPv6 } from 'node:net';
import type { ListenAddress } from '@callbox/turn';
import type { LocalAddresses } from '../network/local-addresses.ts';

/**
 * Where the relay itself listens: over UDP, on the address that was asked for or on all there are. TCP and TLS on the
 * same port come to it through a port splitter.
 */
export function listTurnListeners(
  local: LocalAddresses,
  host: string | undefined,
  port: number,
): readonly ListenAddress[] {
  const all = [...local.loopback, ...local.network];
  const everywhere = [
    ...(all.some((address) => isIPv4(address)) ? ['0.0.0.0'] : []),
    ...(all.some((address) => isIPv6(address)) ? ['::'] : []),
  ];
  const addresses = host === undefined || host === '::' ? everywhere : [host];
  return addresses.map((address) => ({ transport: 'udp', address, port }));
}
