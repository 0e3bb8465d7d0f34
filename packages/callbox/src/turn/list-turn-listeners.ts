import { isIPv4, isIPv6 } from 'node:net';
import type { ListenAddress } from '@callbox/turn';
import type { Config } from '../config/config.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** What the operator says of where the relay listens. */
export type ListenChoice = Pick<Config, 'host' | 'turnListen' | 'turnPort' | 'turnTransports'>;

/**
 * Where the relay itself listens: over UDP, on the addresses that were asked for or on all there are. TCP and TLS on the same
 * port come to it through a port splitter.
 */
export function listTurnListeners(local: LocalAddresses, choice: ListenChoice): readonly ListenAddress[] {
  if (!choice.turnTransports.includes('udp')) return [];
  const all = [...local.loopback, ...local.network];
  const everywhere = [
    ...(all.some((address) => isIPv4(address)) ? ['0.0.0.0'] : []),
    ...(all.some((address) => isIPv6(address)) ? ['::'] : []),
  ];
  const asked = choice.turnListen.length > 0 ? choice.turnListen : [choice.host ?? '::'];
  const addresses = [...new Set(asked.flatMap((address) => (address === '::' ? everywhere : [address])))];
  return addresses.map((address) => ({ transport: 'udp', address, port: choice.turnPort }));
}
