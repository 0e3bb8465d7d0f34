import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';

/** Apple's systems refuse certificates that live longer than 825 days; a year leaves room for clocks that are wrong. */
const lifetimeMs = 365 * 24 * 60 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

function toPem(label: string, octets: ArrayBuffer): string {
  const lines =
    Buffer.from(octets)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Makes a certificate for these names and addresses, signed with its own key: ECDSA on P-256. */
export async function createSelfSigned(
  wanted: Pick<CertificateNames, 'names' | 'addresses'>,
  nowMs: number,
): Promise<KeyPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // RFC 5280 §4.1.2.2: positive, at most twenty octets.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=Callbox (made by this server)',
    // A day back, for guests whose clocks are slow.
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + lifetimeMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...wanted.names.map((value) => ({ type: 'dns' as const, value })),
        ...wanted.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
  });
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}
