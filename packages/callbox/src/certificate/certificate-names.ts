import { isIPv4 } from 'node:net';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** What a certificate must stand for: every name and address by which a browser may reach this machine. */
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

/** Lists the names and addresses of this machine. */
export function listCertificateNames(
  local: LocalAddresses,
  publicAddresses: readonly string[],
  machineName: string,
): CertificateNames {
  const names = ['localhost', machineName.toLowerCase()].filter((name) => namePattern.test(name));
  const addresses = [...new Set([...local.loopback, ...local.network, ...publicAddresses])];
  return {
    names: [...new Set(names)],
    addresses,
    lastingAddresses: addresses.filter((address) => isIPv4(address) || publicAddresses.includes(address)),
  };
}
