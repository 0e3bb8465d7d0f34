import { networkInterfaces } from 'node:os';
import { parseIpAddress, type IpAddress } from '@callbox/stun';

/** The addresses of this machine's interfaces. */
export function machineAddresses(): readonly IpAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ address }) => parseIpAddress(address.replace(/%.*$/u, '')) ?? []);
}
