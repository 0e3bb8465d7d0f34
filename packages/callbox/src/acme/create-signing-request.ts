import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { keyAlgorithm } from '../certificate/generate-certificate.ts';
import type { Identifier } from './parse-responses.ts';

/** A request for a certificate, with the key that it is for. */
export interface SigningRequest {
  /** In DER, base64url (RFC 8555 §7.4). */
  readonly csr: string;
  /** The private key in PEM. */
  readonly key: string;
}

/** Makes a new key, and the request for a certificate of it with these identifiers (RFC 2986, RFC 5280 §4.2.1.6). */
export async function createSigningRequest(identifiers: readonly Identifier[]): Promise<SigningRequest> {
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    // No common name: it could not hold every name, and nobody reads it any more (RFC 9525 §2).
    name: '',
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension(identifiers.map(({ type, value }) => ({ type, value }))),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    csr: Buffer.from(request.rawData).toString('base64url'),
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}
