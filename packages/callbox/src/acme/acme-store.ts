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

/** What is kept in the data directory. */
export interface AcmeStore {
  /** The account's key, made when there is none. */
  readonly accountKey: () => Promise<KeyObject>;
  readonly readCertificate: () => Promise<KeyPair | undefined>;
  readonly writeCertificate: (keyPair: KeyPair) => Promise<void>;
  readonly readFailures: () => Promise<Failures | undefined>;
  readonly writeFailures: (failures: Failures | undefined) => Promise<void>;
}

const accountKeyFile = 'acme-account-key.pem';
/** Chain and key in one file, so that never one of them is there without the other. */
const certificateFile = 'acme-certificate.pem';
const failuresFile = 'acme-failures.json';

const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;
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
      return cert === undefined || key === undefined ? undefined : { cert, key };
    },
    writeCertificate: ({ cert, key }) => directory.write(certificateFile, `${cert.trimEnd()}\n${key}`),
    async readFailures() {
      const text = await directory.read(failuresFile);
      return text === undefined ? undefined : parseFailures(text);
    },
    writeFailures: (failures) =>
      directory.write(failuresFile, failures === undefined ? '{}\n' : `${JSON.stringify(failures)}\n`),
  };
}
