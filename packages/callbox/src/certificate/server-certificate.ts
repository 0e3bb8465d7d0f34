import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { KeyPair } from '../port/port-splitter.ts';

/**
 * Where a certificate comes from: `own` was given by the operator, `acme` by a certificate authority that was asked,
 * `self-signed` was made here: browsers warn about it unless they know our own authority.
 */
export type CertificateOrigin = 'own' | 'acme' | 'self-signed';

/** What this server proves its names with. */
export interface ServerCertificate {
  readonly keyPair: KeyPair;
  readonly origin: CertificateOrigin;
  /** Names that it was given for; none for one of our own making, which has only what this machine calls itself. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Whether browsers may be expected to trust it for this name or address. */
  readonly isTrustedFor: (name: string) => boolean;
}

/** The names of the certificate that a browser can open as they stand (RFC 5280 §4.2.1.6). */
function listNames(certificate: X509Certificate): readonly string[] {
  const entries = (certificate.subjectAltName ?? '').split(', ');
  return entries
    .filter((entry) => entry.startsWith('DNS:') && !entry.includes('*'))
    .map((entry) => entry.slice('DNS:'.length));
}

/** Reads a certificate and its key. Throws when they are none, or do not belong together. */
export function readServerCertificate(keyPair: KeyPair, origin: CertificateOrigin): ServerCertificate {
  // A file that is just being written is empty, and an empty key would pass for none at all.
  createPrivateKey(keyPair.key);
  // OpenSSL compares the keys of the two.
  createSecureContext(keyPair);
  const leaf = new X509Certificate(keyPair.cert);
  const isOurs = origin === 'self-signed';
  return {
    keyPair,
    origin,
    names: isOurs ? [] : listNames(leaf),
    notBeforeMs: Date.parse(leaf.validFrom),
    notAfterMs: Date.parse(leaf.validTo),
    isTrustedFor: (name) =>
      !isOurs && (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined,
  };
}
