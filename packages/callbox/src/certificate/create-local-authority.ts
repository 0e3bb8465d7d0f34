import 'reflect-metadata';
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';
import { generateCertificate, keyAlgorithm, listServerExtensions } from './generate-certificate.ts';
import { encodeNameConstraints } from './name-constraints.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** As long as people keep a telephone: installing it again is what it shall spare them. */
const authorityLifetimeMs = 3650 * dayMs;
/** Apple's systems refuse certificates of servers that live longer than 825 days; a year leaves room for clocks that are wrong. */
const certificateLifetimeMs = 365 * dayMs;
/** RFC 5280 §4.2.1.10. */
const nameConstraintsId = '2.5.29.30';

/**
 * Makes an authority that can vouch for these names and addresses and for nothing else, whoever may get hold of its key:
 * the constraint is critical, so that a browser that does not know it refuses the authority as a whole.
 */
export function createLocalAuthority(wanted: CertificateNames, nowMs: number): Promise<KeyPair> {
  const id = randomBytes(2).toString('hex');
  return generateCertificate({
    subject: `CN=Callbox on ${wanted.names[0] ?? wanted.addresses[0] ?? 'this machine'} (${id})`,
    issuer: undefined,
    nowMs,
    lifetimeMs: authorityLifetimeMs,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.Extension(
        nameConstraintsId,
        true,
        new Uint8Array(encodeNameConstraints(wanted.names, wanted.addresses)),
      ),
    ],
  });
}

/** Makes a certificate for these names and addresses that this authority vouches for. */
export async function issueCertificate(
  authority: KeyPair,
  wanted: Pick<CertificateNames, 'names' | 'addresses'>,
  nowMs: number,
): Promise<KeyPair> {
  const certificate = new x509.X509Certificate(authority.cert);
  const pkcs8 = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' });
  const authorityEndMs = Date.parse(new X509Certificate(authority.cert).validTo);
  return generateCertificate({
    subject: 'CN=Callbox (made by this server)',
    issuer: {
      name: certificate.subject,
      key: await crypto.subtle.importKey('pkcs8', pkcs8, keyAlgorithm, false, ['sign']),
    },
    nowMs,
    lifetimeMs: Math.min(certificateLifetimeMs, authorityEndMs - nowMs),
    extensions: [
      ...listServerExtensions(wanted.names, wanted.addresses),
      await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
    ],
  });
}
