import type { Extension } from '@peculiar/x509';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';
import { generateCertificate, listServerExtensions } from './generate-certificate.ts';

const lifetimeMs = 365 * 24 * 60 * 60 * 1000;

/** Makes a certificate for these names and addresses that nobody but itself vouches for. */
export function createSelfSigned(
  wanted: Pick<CertificateNames, 'names' | 'addresses'>,
  nowMs: number,
  extensions: readonly Extension[] = [],
): Promise<KeyPair> {
  return generateCertificate({
    subject: 'CN=Callbox (made by this server)',
    issuer: undefined,
    nowMs,
    lifetimeMs,
    extensions: [...listServerExtensions(wanted.names, wanted.addresses), ...extensions],
  });
}
