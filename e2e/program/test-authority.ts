import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const hourMs = 60 * 60 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate and its key, in PEM. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for the length of a test. */
export interface TestAuthority {
  /** Its own certificate in PEM, for browsers to trust. */
  readonly pem: string;
  /** Vouches for a server with these names and addresses. */
  certify(names: readonly string[], addresses: readonly string[]): Promise<CertifiedKey>;
}

/** Makes an authority that nobody but a test has heard of. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const issuer = `CN=Callbox tests ${randomBytes(4).toString('hex')}`;
  const authorityKeys = await createKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: issuer,
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const { privateKey } = authorityKeys;
  return {
    pem: authority.toString('pem'),
    certify: (names, addresses) => certify({ issuer, privateKey }, names, addresses),
  };
}

/** Opens an authority that somebody else has made, by its certificate and key in PEM. */
export async function openTestAuthority(pem: string, keyPem: string): Promise<TestAuthority> {
  const issuer = new x509.X509Certificate(pem).subject;
  const pkcs8 = x509.PemConverter.decodeFirst(keyPem);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return { pem, certify: (names, addresses) => certify({ issuer, privateKey }, names, addresses) };
}

async function certify(
  by: { readonly issuer: string; readonly privateKey: CryptoKey },
  names: readonly string[],
  addresses: readonly string[],
): Promise<CertifiedKey> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject: 'CN=Callbox under test',
    issuer: by.issuer,
    publicKey: keys.publicKey,
    signingKey: by.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

function createKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity() {
  const now = Date.now();
  return {
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    notBefore: new Date(now - hourMs),
    notAfter: new Date(now + 24 * hourMs),
  };
}
