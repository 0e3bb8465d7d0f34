import { setTimeout } from 'node:timers/promises';
import type { Logger } from '@callbox/turn';
import type { AcmeKeeper } from '../acme/keep-certificate.ts';
import type { ChallengeResponses } from '../acme/challenge-responses.ts';
import type { Identifier } from '../acme/parse-responses.ts';
import { asksForCertificate } from '../config/asks-for-certificate.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { DataDirectory } from '../data-directory.ts';
import { canonicalAddress } from '../network/canonical-address.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import type { CertificateNames } from './certificate-names.ts';
import { isPubliclyTrusted } from './is-publicly-trusted.ts';
import { loadLocalCertificate, type LocalCertificate } from './load-local-certificate.ts';
import {
  readServerCertificate,
  type CertificateOrigin,
  type ServerCertificate,
} from './server-certificate.ts';
import { readKeyPairFiles, watchKeyPair, type KeyPairFiles } from './watch-key-pair.ts';

export interface CertificateKeeperOptions {
  readonly config: Pick<
    Config,
    | 'cert'
    | 'key'
    | 'keyPassphrase'
    | 'domain'
    | 'acme'
    | 'acmeDirectory'
    | 'acmeEmail'
    | 'acmeEabKid'
    | 'acmeEabKey'
    | 'publicAddress'
  >;
  readonly directory: DataDirectory;
  /** Looks up what this machine is called now. */
  readonly listNames: () => Promise<CertificateNames>;
  /** Where the answers for certificate authorities are laid out. */
  readonly responses: ChallengeResponses;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random?: () => number;
  readonly fetch?: typeof fetch;
  /** Milliseconds between two looks at the names of this machine; a minute unless told. */
  readonly lookIntervalMs?: number;
  /** Milliseconds between two looks at the operator's files; 5 seconds unless told. */
  readonly fileIntervalMs?: number;
}

/** The certificate that this server has at the moment, whatever becomes of it. */
export interface CertificateKeeper {
  readonly keyPair: KeyPair;
  /** One of our own making beside it, for local names and addresses; undefined where that is the one, or there is none. */
  readonly localKeyPair: KeyPair | undefined;
  readonly origin: CertificateOrigin;
  /** Names that it was given for, or is asked for; none for one of our own making. */
  readonly names: readonly string[];
  /** Whether browsers may be expected to trust it for this name or address. */
  readonly isTrustedFor: (name: string) => boolean;
  /** Whether every browser trusts it for this name or address, for it comes from an authority that they all know. */
  readonly isPubliclyTrustedFor: (name: string) => boolean;
  /** What vouches for whoever comes by this name or address, if it is our own authority that does; what they may install. */
  readonly findLocal: (name: string) => LocalCertificate | undefined;
  /** Tells of certificates that take the place of others. */
  readonly onChanged: (listener: () => void) => void;
  /** Begins to look, to ask and to renew. */
  readonly start: () => void;
  readonly stop: () => void;
}

function listIdentifiers({
  domain,
  acme,
  publicAddress,
}: CertificateKeeperOptions['config']): readonly Identifier[] {
  return [
    ...domain.map((value) => ({ type: 'dns' as const, value })),
    // RFC 8738 §3 wants addresses in their one canonical form.
    ...(acme ? publicAddress : []).map((value) => ({
      type: 'ip' as const,
      value: canonicalAddress(value) ?? value,
    })),
  ];
}

async function readOwn(files: KeyPairFiles): Promise<ServerCertificate> {
  try {
    return await readKeyPairFiles(files);
  } catch (error) {
    const { cert, key } = files;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`--cert ${cert} and --key ${key} do not make a pair: ${reason}`, { cause: error });
  }
}

/**
 * Loads the certificate: the operator's own, else one that an authority gave, else one of our own making. Asks nobody yet.
 * Throws a `ConfigError` for files that are no pair.
 */
export async function createCertificateKeeper(options: CertificateKeeperOptions): Promise<CertificateKeeper> {
  const { config, directory, logger, now } = options;
  const { cert, key, keyPassphrase: passphrase } = config;
  const listeners: (() => void)[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const sleep = (ms: number): Promise<void> =>
    setTimeout(Math.max(ms, 0), undefined, { signal, ref: false }).catch(() => {});
  let publicly: { readonly chain: string; readonly isTrusted: boolean } | undefined;

  const acme = asksForCertificate(config) ? await openAcme() : undefined;
  let local: LocalCertificate | undefined;
  let current = await load();

  async function openAcme(): Promise<AcmeKeeper> {
    // Loaded only here: who asks nobody need not wait for it.
    const { createAcmeKeeper } = await import('../acme/keep-certificate.ts');
    const { acmeEabKid: kid, acmeEabKey: eabKey } = config;
    return createAcmeKeeper({
      directoryUrl: config.acmeDirectory,
      email: config.acmeEmail,
      externalAccount: kid === undefined || eabKey === undefined ? undefined : { kid, key: eabKey },
      identifiers: listIdentifiers(config),
      directory,
      responses: options.responses,
      logger,
      onObtained: serve,
      fetch: options.fetch ?? fetch,
      now,
      random: options.random ?? Math.random,
      signal,
      sleep,
    });
  }

  async function load(): Promise<ServerCertificate> {
    if (cert !== undefined && key !== undefined) return readOwn({ cert, key, passphrase });
    local = await loadLocalCertificate(directory, await options.listNames(), now());
    return (await acme?.load()) ?? readServerCertificate(local.keyPair, 'self-signed');
  }

  function serve(certificate: ServerCertificate): void {
    if (signal.aborted) return;
    current = certificate;
    tellOfChange();
  }

  function tellOfChange(): void {
    for (const listener of listeners) listener();
  }

  /** Found out once for each chain: the first time takes as long as a packet may wait, so not in the middle of a call. */
  function hasPublicTrust(): boolean {
    const { cert: chain } = current.keyPair;
    if (publicly?.chain !== chain) publicly = { chain, isTrusted: isPubliclyTrusted(chain) };
    return publicly.isTrusted;
  }

  /** Follows the machine to other addresses, and the certificate of our own making to its end. */
  async function lookAround(): Promise<void> {
    try {
      const made = await loadLocalCertificate(directory, await options.listNames(), now());
      if (made.keyPair.cert === local?.keyPair.cert) return;
      const isSameAuthority = made.authority === local?.authority;
      local = made;
      logger.info(
        isSameAuthority
          ? 'The certificate of this server’s own making was renewed'
          : 'This machine has another name or address: certificate and authority of this server’s own were made anew',
      );
      if (current.origin === 'self-signed') serve(readServerCertificate(made.keyPair, 'self-signed'));
      else if (!signal.aborted) tellOfChange();
    } catch (error) {
      logger.error(`The certificate of this server’s own making could not be renewed: ${String(error)}`);
    }
  }

  async function keepLocal(): Promise<void> {
    while (!signal.aborted) {
      await sleep(options.lookIntervalMs ?? 60_000);
      if (!signal.aborted) await lookAround();
    }
  }

  function watchOwn(files: KeyPairFiles): void {
    const stop = watchKeyPair({
      files,
      current,
      onChanged: (certificate) => {
        logger.info('The certificate has changed on disk and is served from now on');
        serve(certificate);
      },
      onUnusable: (reason) =>
        logger.warn(
          `--cert and --key have changed on disk and are of no use: ${reason}. The old ones serve on.`,
        ),
      ...(options.fileIntervalMs === undefined ? {} : { intervalMs: options.fileIntervalMs }),
    });
    signal.addEventListener('abort', stop);
  }

  return {
    get keyPair() {
      return current.keyPair;
    },
    get localKeyPair() {
      return current.origin === 'self-signed' ? undefined : local?.keyPair;
    },
    get origin() {
      return current.origin;
    },
    get names() {
      return acme === undefined ? current.names : config.domain;
    },
    isTrustedFor: (name) => current.isTrustedFor(name),
    isPubliclyTrustedFor: (name) => current.isTrustedFor(name) && hasPublicTrust(),
    findLocal: (name) => (current.isTrustedFor(name) ? undefined : local),
    onChanged: (listener) => void listeners.push(listener),
    start() {
      if (current.origin !== 'self-signed') hasPublicTrust();
      if (cert !== undefined && key !== undefined) watchOwn({ cert, key, passphrase });
      else void keepLocal();
      acme?.start();
    },
    stop: () => ending.abort(),
  };
}
