import { networkInterfaces } from 'node:os';

/** An IPv4 address at which others on the network would reach this machine, or null where it has none. */
export function findMachineAddress(): string | null {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? []) {
      if (address.family === 'IPv4' && !address.internal) return address.address;
    }
  }
  return null;
}
