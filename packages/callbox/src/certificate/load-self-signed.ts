import { X509Certificate } from 'node:crypto';
import type { DataDirectory } from '../data-directory.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';

const certificateFile = 'certificate.pem';
const keyFile = 'certificate-key.pem';
/** Made anew when it has less than that to live. */
const renewBeforeMs = 30 * 24 * 60 * 60 * 1000;

function isStillGood(cert: string, wanted: CertificateNames, nowMs: number): boolean {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return false;
  }
  return (
    Date.parse(certificate.validTo) - nowMs > renewBeforeMs &&
    wanted.names.every((name) => certificate.checkHost(name) !== undefined) &&
    wanted.lastingAddresses.every((address) => certificate.checkIP(address) !== undefined)
  );
}

/**
 * The certificate that this server made itself, kept so that a person who accepted it is not asked again. It is made anew
 * only when it runs out or this machine got an address that it does not stand for.
 */
export async function loadSelfSigned(
  directory: DataDirectory,
  wanted: CertificateNames,
  nowMs: number,
): Promise<KeyPair> {
  const [cert, key] = await Promise.all([directory.read(certificateFile), directory.read(keyFile)]);
  if (cert !== undefined && key !== undefined && isStillGood(cert, wanted, nowMs)) return { cert, key };

  // Loaded only here: it takes longer than the rest of a start.
  const { createSelfSigned } = await import('./create-self-signed.ts');
  const made = await createSelfSigned(wanted, nowMs);
  await directory.write(keyFile, made.key);
  await directory.write(certificateFile, made.cert);
  return made;
}
