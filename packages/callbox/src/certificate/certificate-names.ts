import { hostname } from 'node:os';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** What a certificate must stand for: every name and address by which a browser may reach this machine. */
export interface CertificateNames {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const namePattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/** Lists the names of this machine. */
export function listCertificateNames(
  local: LocalAddresses,
  publicAddresses: readonly string[],
): CertificateNames {
  const names = ['localhost', hostname().toLowerCase()].filter((name) => namePattern.test(name));
  return {
    names: [...new Set(names)],
    addresses: [...new Set([...local.loopback, ...local.network, ...publicAddresses])],
  };
}
