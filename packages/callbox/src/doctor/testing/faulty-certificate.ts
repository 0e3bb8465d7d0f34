import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;

export interface FaultyCertificateOptions {
  readonly name: string;
  /** Days from now; may lie in the past. */
  readonly validFromDays?: number;
  readonly validToDays?: number;
  /** Signed with its own key. */
  readonly isSelfSigned?: boolean;
  /** Whether the authority's own certificate comes along. Default true. */
  readonly withChain?: boolean;
  /** Says where its issuer's certificate is to be had. */
  readonly namesItsIssuer?: boolean;
}

export interface FaultyCertificate {
  readonly cert: string;
  readonly key: string;
  /** The authority, in PEM. */
  readonly authority: string;
}

const createKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const serialNumber = () => `01${randomBytes(15).toString('hex')}`;

/** Makes a certificate, right or with a fault, and an authority for it. */
export async function createFaultyCertificate(options: FaultyCertificateOptions): Promise<FaultyCertificate> {
  const { name, validFromDays = -1, validToDays = 90, isSelfSigned = false, withChain = true } = options;
  const now = Date.now();
  const [authorityKeys, keys] = await Promise.all([createKeys(), createKeys()]);
  const issuer = `CN=Test authority ${randomBytes(3).toString('hex')}`;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    notBefore: new Date(now - 1_000 * dayMs),
    notAfter: new Date(now + 1_000 * dayMs),
    name: issuer,
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    notBefore: new Date(now + validFromDays * dayMs),
    notAfter: new Date(now + validToDays * dayMs),
    subject: `CN=${name}`,
    issuer: isSelfSigned ? `CN=${name}` : issuer,
    publicKey: keys.publicKey,
    signingKey: isSelfSigned ? keys.privateKey : authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
      ...(options.namesItsIssuer === true
        ? [new x509.AuthorityInfoAccessExtension({ caIssuers: 'http://authority.invalid/ca.der' })]
        : []),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  const pem = `${leaf.toString('pem')}\n`;
  return {
    cert: withChain && !isSelfSigned ? `${pem}${authority.toString('pem')}\n` : pem,
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    authority: authority.toString('pem'),
  };
}
