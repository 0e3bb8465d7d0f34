import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { Extension } from '@peculiar/x509';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import type { Identifier } from './parse-responses.ts';

/** RFC 8737 §6.1. */
const acmeIdentifierId = '1.3.6.1.5.5.7.1.31';
/** An OCTET STRING of 32 octets in DER. */
const octetString32 = Buffer.from([0x04, 0x20]);

/** The certificate that proves control by TLS-ALPN-01: it holds the hash of the key authorization, critically (RFC 8737 §3). */
export function createChallengeCertificate(
  { type, value }: Identifier,
  keyAuthorization: string,
  nowMs: number,
): Promise<KeyPair> {
  const hash = createHash('sha256').update(keyAuthorization).digest();
  const names = type === 'dns' ? { names: [value], addresses: [] } : { names: [], addresses: [value] };
  const proof = new Extension(acmeIdentifierId, true, Buffer.concat([octetString32, hash]));
  return createSelfSigned(names, nowMs, [proof]);
}
