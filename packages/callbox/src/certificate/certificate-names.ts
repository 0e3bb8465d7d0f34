import { isIPv4 } from 'node:net';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** What a certificate must stand for: every name and address by which a browser elsewhere may reach this machine. */
export interface CertificateNames {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /**
   * Those of the addresses that are worth a new certificate, and with it another warning. IPv6 addresses come and go by
   * themselves (RFC 8981), and nobody types them.
   */
  readonly lastingAddresses: readonly string[];
}

const namePattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/** A machine's name as it is known on its network: alone, and by multicast DNS (RFC 6762 §3). */
function listMachineNames(machineName: string): readonly string[] {
  const name = machineName.toLowerCase();
  if (!namePattern.test(name) || name === 'localhost') return [];
  return name.includes('.') ? [name] : [name, `${name}.local`];
}

/**
 * Lists the names and addresses of this machine, but for `localhost` and the addresses of loopback: each machine calls
 * itself so, and what vouches for them here would vouch for them everywhere.
 *
 * @param ownDomains names that the DNS knows this machine by.
 */
export function listCertificateNames(
  local: Pick<LocalAddresses, 'network'>,
  publicAddresses: readonly string[],
  machineName: string,
  ownDomains: readonly string[] = [],
): CertificateNames {
  const addresses = [...new Set([...local.network, ...publicAddresses])];
  return {
    names: [...new Set([...listMachineNames(machineName), ...ownDomains])],
    addresses,
    lastingAddresses: addresses.filter((address) => isIPv4(address) || publicAddresses.includes(address)),
  };
}
