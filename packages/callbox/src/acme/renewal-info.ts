import { X509Certificate as ParsedCertificate } from 'node:crypto';
import type { AcmeConnection } from './acme-connection.ts';
import { parseRenewalWindow, type RenewalWindow } from './parse-responses.ts';

/** What an authority says about renewing a certificate, and when it wants to be asked again. */
export interface RenewalHint {
  readonly window: RenewalWindow;
  readonly askAgainAfterMs: number | undefined;
}

/** The octets of a serial number as DER writes them: an odd number of digits or a set first bit takes a zero before it. */
function toSerialOctets(serialNumber: string): Buffer {
  const digits = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  const octets = Buffer.from(digits, 'hex');
  return (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets;
}

/** The name of a certificate in renewal information: its issuer's key and its serial number (RFC 9773 §4.1). */
export async function nameCertificate(cert: string): Promise<string | undefined> {
  await import('reflect-metadata');
  const { X509Certificate, AuthorityKeyIdentifierExtension } = await import('@peculiar/x509');
  const keyId = new X509Certificate(cert).getExtension(AuthorityKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) return undefined;
  const serial = toSerialOctets(new ParsedCertificate(cert).serialNumber);
  return `${Buffer.from(keyId, 'hex').toString('base64url')}.${serial.toString('base64url')}`;
}

/** Asks when the certificate of that name should be renewed; undefined where the authority does not say. */
export async function readRenewalHint(
  connection: AcmeConnection,
  certificateName: string,
): Promise<RenewalHint | undefined> {
  const { renewalInfo } = await connection.directory();
  if (renewalInfo === undefined) return undefined;
  const { body, retryAfterMs } = await connection.get(`${renewalInfo.replace(/\/$/, '')}/${certificateName}`);
  return { window: parseRenewalWindow(body), askAgainAfterMs: retryAfterMs };
}
