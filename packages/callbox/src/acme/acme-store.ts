import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { DataDirectory } from '../data-directory.ts';
import type { KeyPair } from '../port/port-splitter.ts';

/** What became of the last attempts, so that a program that is started again and again does not wear the authority out. */
export interface Failures {
  /** Authority and identifiers that they were for. */
  readonly subject: string;
  readonly inRow: number;
  /** Not to be tried before; milliseconds since 1970. */
  readonly retryAtMs: number;
  /** The authority itself asked for the wait. */
  readonly isBinding: boolean;
}

/** A certificate, and the authority that gave it. */
export interface StoredCertificate {
  readonly keyPair: KeyPair;
  readonly directoryUrl: string;
}

/** What is kept in the data directory. */
export interface AcmeStore {
  /** The account's key, made when there is none. */
  readonly accountKey: () => Promise<KeyObject>;
  readonly readCertificate: () => Promise<StoredCertificate | undefined>;
  readonly writeCertificate: (certificate: StoredCertificate) => Promise<void>;
  readonly readFailures: () => Promise<Failures | undefined>;
  readonly writeFailures: (failures: Failures | undefined) => Promise<void>;
}

const accountKeyFile = 'acme-account-key.pem';
/** Chain and key in one file, so that never one of them is there without the other. */
const certificateFile = 'acme-certificate.pem';
const failuresFile = 'acme-failures.json';

const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;
/** Text before the first block is nobody's in PEM (RFC 7468 §2). */
const directoryPattern = /^Given by (\S+)$/m;
const keyPattern = /-----BEGIN (?:EC )?PRIVATE KEY-----[^-]+-----END (?:EC )?PRIVATE KEY-----\n?/;

function parseFailures(text: string): Failures | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Failures, unknown>> | null;
    const { subject, inRow, retryAtMs, isBinding } = value ?? {};
    if (typeof subject !== 'string' || typeof inRow !== 'number') return undefined;
    if (typeof retryAtMs !== 'number' || typeof isBinding !== 'boolean') return undefined;
    return { subject, inRow, retryAtMs, isBinding };
  } catch {
    return undefined;
  }
}

/** Keeps account, certificate and the memory of failures. */
export function createAcmeStore(directory: DataDirectory): AcmeStore {
  return {
    async accountKey() {
      const kept = await directory.read(accountKeyFile);
      if (kept !== undefined) return createPrivateKey(kept);
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await directory.write(accountKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
      return privateKey;
    },
    async readCertificate() {
      const text = (await directory.read(certificateFile)) ?? '';
      const cert = text.match(certificatePattern)?.join('');
      const key = keyPattern.exec(text)?.[0];
      if (cert === undefined || key === undefined) return undefined;
      return { keyPair: { cert, key }, directoryUrl: directoryPattern.exec(text)?.[1] ?? '' };
    },
    writeCertificate: ({ keyPair, directoryUrl }) =>
      directory.write(certificateFile, `Given by ${directoryUrl}\n${keyPair.cert.trimEnd()}\n${keyPair.key}`),
    async readFailures() {
      const text = await directory.read(failuresFile);
      return text === undefined ? undefined : parseFailures(text);
    },
    writeFailures: (failures) =>
      directory.write(failuresFile, failures === undefined ? '{}\n' : `${JSON.stringify(failures)}\n`),
  };
}
