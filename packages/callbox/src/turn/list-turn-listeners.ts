import { isIPv4, isIPv6 } from 'node:net';
import type { ListenAddress } from '@callbox/turn';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** Where the relay listens: over UDP and TCP, on the address that was asked for or on all there are. */
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
  return addresses.flatMap((address) => [
    { transport: 'udp' as const, address, port },
    { transport: 'tcp' as const, address, port },
  ]);
}
