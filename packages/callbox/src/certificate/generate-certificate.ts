import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyPair } from '../port/port-splitter.ts';

/** ECDSA on P-256: what every browser and every certificate authority knows. */
export const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const dayMs = 24 * 60 * 60 * 1000;

/** Who vouches for a certificate: its name and private key. */
export interface Issuer {
  readonly name: string;
  readonly key: webcrypto.CryptoKey;
}

/** What goes into a certificate. */
export interface CertificateContents {
  readonly subject: string;
  /** Undefined for one that is signed with its own key. */
  readonly issuer: Issuer | undefined;
  readonly nowMs: number;
  readonly lifetimeMs: number;
  readonly extensions: readonly x509.Extension[];
}

function toPem(label: string, octets: ArrayBuffer): string {
  return `${x509.PemConverter.encode(octets, label)}\n`;
}

/** Makes a key of its own and a certificate for it. */
export async function generateCertificate(contents: CertificateContents): Promise<KeyPair> {
  const { subject, issuer, nowMs, lifetimeMs, extensions } = contents;
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    // RFC 5280 §4.1.2.2: positive, at most twenty octets.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    subject,
    issuer: issuer?.name ?? subject,
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    signingAlgorithm: keyAlgorithm,
    // A day back, for guests whose clocks are slow.
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + lifetimeMs),
    extensions: [...extensions, await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

/** What makes a certificate one of a server with these names and addresses. */
export function listServerExtensions(
  names: readonly string[],
  addresses: readonly string[],
): readonly x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...addresses.map((value) => ({ type: 'ip' as const, value })),
    ]),
  ];
}
