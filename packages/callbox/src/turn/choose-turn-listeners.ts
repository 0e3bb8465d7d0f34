import { isIPv4 } from 'node:net';
import type { TurnServerOptions } from '@callbox/turn';
import type { LocalAddresses } from '../network/local-addresses.ts';

/**
 * Every address of the machine by itself: a reply must leave from the very address that the request came to, which a
 * socket bound to a wildcard does not promise.
 */
export function chooseTurnListeners(
  local: LocalAddresses,
  host: string | undefined,
  port: number,
): TurnServerOptions['listeners'] {
  const all = [...local.loopback, ...local.network];
  const addresses =
    host === undefined || host === '::'
      ? all
      : host === '0.0.0.0'
        ? all.filter((address) => isIPv4(address))
        : [host];
  return addresses.flatMap((address) => [
    { transport: 'udp' as const, address, port },
    { transport: 'tcp' as const, address, port },
  ]);
}
