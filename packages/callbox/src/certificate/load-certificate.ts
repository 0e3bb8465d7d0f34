import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';
import { loadSelfSigned } from './load-self-signed.ts';

/** What this server proves its names with. */
export interface ServerCertificate {
  readonly keyPair: KeyPair;
  /** `own` was given by the operator, `self-signed` made here: browsers warn about it. */
  readonly origin: 'own' | 'self-signed';
  /** Names that it was given for; none for one of our own making, which has only what this machine calls itself. */
  readonly names: readonly string[];
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

async function loadOwn(certFile: string, keyFile: string): Promise<ServerCertificate> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  try {
    createSecureContext({ cert, key });
    const leaf = new X509Certificate(cert);
    return {
      keyPair: { cert, key },
      origin: 'own',
      names: listNames(leaf),
      isTrustedFor: (name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`--cert ${certFile} and --key ${keyFile} do not make a pair: ${reason}`, {
      cause: error,
    });
  }
}

/** The operator's certificate, or one of our own making. Throws a `ConfigError` for files that are no pair. */
export async function loadCertificate(
  config: Pick<Config, 'cert' | 'key'>,
  directory: DataDirectory,
  wanted: CertificateNames,
  nowMs: number,
): Promise<ServerCertificate> {
  if (config.cert !== undefined && config.key !== undefined) return loadOwn(config.cert, config.key);
  const keyPair = await loadSelfSigned(directory, wanted, nowMs);
  return { keyPair, origin: 'self-signed', names: [], isTrustedFor: () => false };
}
