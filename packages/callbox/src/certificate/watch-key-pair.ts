import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { readServerCertificate, type ServerCertificate } from './server-certificate.ts';

/** The operator's files. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
  /** What opens the key, if it is encrypted. */
  readonly passphrase?: string | undefined;
}

export interface WatchOptions {
  readonly files: KeyPairFiles;
  /** What was read from them at first. */
  readonly current: ServerCertificate;
  readonly onChanged: (certificate: ServerCertificate) => void;
  /** Told once for each state of the files that is of no use, in one line. */
  readonly onUnusable: (reason: string) => void;
  /** Milliseconds between two looks; 5 seconds unless told. */
  readonly intervalMs?: number;
}

/** An encrypted key is opened once, so that nobody else needs to know how. */
function openKey(key: string, passphrase: string): string {
  return createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads both files. Throws when they cannot be read or opened, or are no pair. */
export async function readKeyPairFiles(files: KeyPairFiles): Promise<ServerCertificate> {
  const { passphrase } = files;
  const [cert, key] = await Promise.all([readFile(files.cert, 'utf8'), readFile(files.key, 'utf8')]);
  return readServerCertificate(
    { cert, key: passphrase === undefined ? key : openKey(key, passphrase) },
    'own',
  );
}

/** Tells a file from its successor, also where a link leads to another one, as certbot's do. */
async function describeFile(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join(':');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Looks at the files again and again: what has changed and makes a pair replaces what was; what does not, because only
 * one file was written yet, or only in part, leaves it. Events of the file system would be missed where a link on the
 * way changes, or a disk is elsewhere.
 *
 * @returns ends it.
 */
export function watchKeyPair(options: WatchOptions): () => void {
  const { files, onChanged, onUnusable, intervalMs = 5000 } = options;
  let current = options.current.keyPair;
  let seen = '';
  /** A state that was of no use once; said only when it lasts, for files are written one after the other. */
  let doubted = '';
  let isEnded = false;

  async function look(): Promise<void> {
    const state = (await Promise.all([describeFile(files.cert), describeFile(files.key)])).join(' ');
    if (isEnded || state === seen) return;
    try {
      const certificate = await readKeyPairFiles(files);
      seen = state;
      const isSame = certificate.keyPair.cert === current.cert && certificate.keyPair.key === current.key;
      if (isSame || isEnded) return;
      current = certificate.keyPair;
      onChanged(certificate);
    } catch (error) {
      if (doubted === state) {
        seen = state;
        onUnusable(error instanceof Error ? error.message : String(error));
      }
      doubted = state;
    }
  }

  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    timer = setTimeout(() => void look().finally(() => isEnded || plan()), intervalMs).unref();
  };
  plan();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
