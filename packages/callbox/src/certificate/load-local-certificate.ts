import { X509Certificate } from 'node:crypto';
import type { DataDirectory } from '../data-directory.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';

const files = {
  certificate: 'certificate.pem',
  key: 'certificate-key.pem',
  authority: 'local-authority.pem',
  authorityKey: 'local-authority-key.pem',
} as const;

const dayMs = 24 * 60 * 60 * 1000;
/** Made anew when it has less than that to live. */
const renewBeforeMs = 30 * dayMs;

/** The certificate that this server made itself, and the authority of its own that vouches for it. */
export interface LocalCertificate {
  readonly keyPair: KeyPair;
  /** The authority's certificate, in PEM, for people to install. */
  readonly authority: string;
}

function parse(cert: string): X509Certificate | undefined {
  try {
    return new X509Certificate(cert);
  } catch {
    return undefined;
  }
}

function livesOn(cert: string, nowMs: number): boolean {
  return Date.parse(new X509Certificate(cert).validTo) - nowMs > renewBeforeMs;
}

function standsFor(certificate: X509Certificate, wanted: CertificateNames): boolean {
  return (
    wanted.names.every((name) => certificate.checkHost(name) !== undefined) &&
    wanted.lastingAddresses.every((address) => certificate.checkIP(address) !== undefined)
  );
}

/** The certificate stands for all that is wanted, and the authority, which was made for the same, vouches for it. */
function isGoodFor(cert: string, authority: string, wanted: CertificateNames): boolean {
  const certificate = parse(cert);
  const issuer = parse(authority);
  return (
    certificate !== undefined &&
    issuer !== undefined &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    standsFor(certificate, wanted)
  );
}

async function readPair(
  directory: DataDirectory,
  certFile: string,
  keyFile: string,
): Promise<KeyPair | undefined> {
  const [cert, key] = await Promise.all([directory.read(certFile), directory.read(keyFile)]);
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** The names and addresses that a certificate was made for (RFC 5280 §4.2.1.6). */
function listNamesOf(cert: string): {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
} {
  const entries = (parse(cert)?.subjectAltName ?? '').split(', ');
  const of = (kind: string): readonly string[] =>
    entries.filter((entry) => entry.startsWith(kind)).map((entry) => entry.slice(kind.length));
  return { names: of('DNS:'), addresses: of('IP Address:') };
}

/**
 * The certificate that this server made itself. Its authority is kept as long as it can be, so that whoever installed it
 * is never warned again: a certificate that runs out is made anew under the same authority, for the same names. Only
 * another lasting name or address, for which the authority may not vouch, makes another authority.
 */
export async function loadLocalCertificate(
  directory: DataDirectory,
  wanted: CertificateNames,
  nowMs: number,
): Promise<LocalCertificate> {
  const [kept, keptAuthority] = await Promise.all([
    readPair(directory, files.certificate, files.key),
    readPair(directory, files.authority, files.authorityKey),
  ]);
  const isGood =
    kept !== undefined && keptAuthority !== undefined && isGoodFor(kept.cert, keptAuthority.cert, wanted);
  if (isGood && livesOn(kept.cert, nowMs)) return { keyPair: kept, authority: keptAuthority.cert };

  // Loaded only here: it takes longer than the rest of a start.
  const { createLocalAuthority, issueCertificate } = await import('./create-local-authority.ts');
  const isAuthorityGood = isGood && livesOn(keptAuthority.cert, nowMs);
  const authority = isAuthorityGood ? keptAuthority : await createLocalAuthority(wanted, nowMs);
  const keyPair = await issueCertificate(authority, isAuthorityGood ? listNamesOf(kept.cert) : wanted, nowMs);
  if (!isAuthorityGood) {
    await directory.write(files.authorityKey, authority.key);
    await directory.write(files.authority, authority.cert);
  }
  await directory.write(files.key, keyPair.key);
  await directory.write(files.certificate, keyPair.cert);
  return { keyPair, authority: authority.cert };
}
