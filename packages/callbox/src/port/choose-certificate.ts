import { X509Certificate } from 'node:crypto';
import { canonicalAddress } from '../network/canonical-address.ts';
import { isPublicAddress } from '../network/is-public-address.ts';

/** Of two certificates: the one for the world, or that of our own making, which stands for local names. */
export type CertificateKind = 'main' | 'local';

/**
 * Makes what decides who is shown the certificate of our own making: whoever comes by a name or an address for which the
 * main one does not stand. The one is of no use there, and the other may have been installed.
 *
 * @returns a function of the name that a client asked for, undefined where it asked for none, and of its address. Browsers
 *   name no addresses (RFC 6066 §3): who asks for none came by one, and by a local one if they are near.
 */
export function createCertificateChoice(
  mainCert: string,
  localCert: string,
): (name: string | undefined, remoteAddress: string) => CertificateKind {
  const main = new X509Certificate(mainCert);
  const local = new X509Certificate(localCert);
  const standsForAddresses = (main.subjectAltName ?? '').includes('IP Address:');
  return (name, remoteAddress) => {
    if (name === undefined) {
      const address = canonicalAddress(remoteAddress);
      const isNear = address !== undefined && !isPublicAddress(address);
      return isNear && !standsForAddresses ? 'local' : 'main';
    }
    return main.checkHost(name) === undefined && local.checkHost(name) !== undefined ? 'local' : 'main';
  };
}
