import type { Logger } from '@callbox/turn';
import { readServerCertificate, type ServerCertificate } from '../certificate/server-certificate.ts';
import type { DataDirectory } from '../data-directory.ts';
import { readProgramVersion } from '../program-version.ts';
import { createAcmeConnection, type AcmeConnection, type ExternalAccount } from './acme-connection.ts';
import { createAcmeStore, type AcmeStore } from './acme-store.ts';
import type { ChallengeResponses, ChallengeType } from './challenge-responses.ts';
import { obtainCertificate, ObtainError } from './obtain-certificate.ts';
import type { Identifier } from './parse-responses.ts';
import { chooseStep, planNextQuestion, planRetry, type RenewalState } from './plan-renewal.ts';
import { nameCertificate, readRenewalHint } from './renewal-info.ts';

export interface AcmeOptions {
  readonly directoryUrl: string;
  readonly email: string | undefined;
  readonly externalAccount: ExternalAccount | undefined;
  readonly identifiers: readonly Identifier[];
  readonly directory: DataDirectory;
  readonly responses: ChallengeResponses;
  readonly logger: Logger;
  readonly onObtained: (certificate: ServerCertificate) => void;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Aborted when the program ends. */
  readonly signal: AbortSignal;
  /** Resolves after this time, or at once when the program ends. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Obtains a certificate and renews it, for as long as the program runs. */
export interface AcmeKeeper {
  /** The certificate that was obtained earlier, if it is good for anything yet. */
  readonly load: () => Promise<ServerCertificate | undefined>;
  /** Begins to ask and to renew. */
  readonly start: () => void;
}

/** Looks at the clock at least that often: one that sleeps along with its machine wakes up late. */
const maxSleepMs = 60 * 60_000;
/** Attempts in a row that a program started anew makes without a wait. */
const freeFailures = 2;

function describeWait(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function describeFailures(inRow: number): string {
  return inRow === 1 ? 'the last attempt failed' : `the last ${inRow} attempts failed`;
}

function toMinute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}

export function createAcmeKeeper(options: AcmeOptions): AcmeKeeper {
  const { directoryUrl, identifiers, logger, now, random, sleep } = options;
  const names = identifiers.map(({ value }) => value).join(', ');
  const subject = `${directoryUrl} ${names}`;
  const authority = new URL(directoryUrl).hostname;
  const store: AcmeStore = createAcmeStore(options.directory);
  let challengeTypes: readonly ChallengeType[] = ['tls-alpn-01', 'http-01'];
  let current: ServerCertificate | undefined;
  let state: RenewalState = {
    lifetime: undefined,
    window: undefined,
    random: random(),
    retryAtMs: 0,
    questionAtMs: 0,
  };
  let failuresInRow = 0;
  let toldTerms: string | undefined;

  async function connect(): Promise<AcmeConnection> {
    return createAcmeConnection({
      directoryUrl,
      accountKey: await store.accountKey(),
      externalAccount: options.externalAccount,
      userAgent: `callbox/${readProgramVersion()}`,
      fetch: options.fetch,
      now,
    });
  }

  function adopt(certificate: ServerCertificate): void {
    current = certificate;
    state = { lifetime: certificate, window: undefined, random: random(), retryAtMs: 0, questionAtMs: 0 };
  }

  async function load(): Promise<ServerCertificate | undefined> {
    const stored = await store.readCertificate();
    if (stored === undefined) return undefined;
    try {
      const certificate = readServerCertificate(stored.keyPair, 'acme');
      if (certificate.notAfterMs <= now()) return undefined;
      const standsForAll = identifiers.every(({ value }) => certificate.isTrustedFor(value));
      // Another is asked for at once; until it is there, this one is better than none.
      if (standsForAll && stored.directoryUrl === directoryUrl) adopt(certificate);
      return certificate;
    } catch {
      // Damaged: as if there were none.
      return undefined;
    }
  }

  function tellTerms(url: string): void {
    if (url === toldTerms) return;
    toldTerms = url;
    logger.info(`Agreeing to the terms of service of ${authority}: ${url}`);
  }

  async function fail({ message, cause }: ObtainError): Promise<void> {
    failuresInRow += 1;
    const wasRefused = cause.code === 'refused' || cause.code === 'unproven';
    const waitMs = planRetry(failuresInRow, wasRefused, cause.retryAfterMs, random());
    const retryAtMs = now() + waitMs;
    state = { ...state, retryAtMs };
    if (wasRefused) {
      const isBinding = cause.retryAfterMs !== undefined;
      await store.writeFailures({ subject, inRow: failuresInRow, retryAtMs, isBinding });
    }
    const meanwhile =
      current === undefined
        ? 'what there is serves on'
        : `the old one serves on until ${toMinute(current.notAfterMs)}`;
    logger.warn(
      `No certificate for ${names}: ${message}. Next attempt in ${describeWait(waitMs)}; ${meanwhile}.`,
    );
  }

  async function order(): Promise<void> {
    const connection = await connect();
    const replaces = current === undefined ? undefined : await nameCertificate(current.keyPair.cert);
    logger.info(`Asking ${authority} for a certificate for ${names}`);
    try {
      const { keyPair, challengeType } = await obtainCertificate({
        ...options,
        connection,
        onTerms: tellTerms,
        challengeTypes,
        replaces,
      });
      const certificate = readServerCertificate(keyPair, 'acme');
      await store.writeCertificate({ keyPair, directoryUrl });
      if (failuresInRow > 0) await store.writeFailures(undefined);
      failuresInRow = 0;
      challengeTypes = [challengeType, ...challengeTypes.filter((type) => type !== challengeType)];
      adopt(certificate);
      const until = toMinute(certificate.notAfterMs);
      logger.info(`Certificate for ${names} obtained, until ${until}`, { provenBy: challengeType });
      options.onObtained(certificate);
    } catch (error) {
      if (!(error instanceof ObtainError)) throw error;
      await fail(error);
    }
  }

  /** Where there is no answer, the plan stays as it is. */
  async function ask(cert: string): Promise<void> {
    let askAgainAfterMs: number | undefined;
    try {
      const name = await nameCertificate(cert);
      const hint = name === undefined ? undefined : await readRenewalHint(await connect(), name);
      askAgainAfterMs = hint?.askAgainAfterMs;
      if (hint !== undefined) state = { ...state, window: hint.window };
    } catch (error) {
      logger.debug(`The certificate authority did not say when to renew: ${String(error)}`);
    }
    state = { ...state, questionAtMs: now() + planNextQuestion(askAgainAfterMs) };
  }

  async function recall(): Promise<void> {
    const failures = await store.readFailures();
    if (failures?.subject !== subject) return;
    failuresInRow = failures.inRow;
    const waitMs = failures.retryAtMs - now();
    if (waitMs <= 0 || !(failures.isBinding || failures.inRow > freeFailures)) return;
    state = { ...state, retryAtMs: failures.retryAtMs };
    logger.warn(
      `No certificate for ${names} yet: ${describeFailures(failures.inRow)}. Next attempt in ${describeWait(waitMs)}.`,
    );
  }

  async function step(): Promise<void> {
    const next = chooseStep(state, now());
    if (next.does === 'order') await order();
    else if (next.does === 'ask' && current !== undefined) await ask(current.keyPair.cert);
    else if (next.does === 'wait') await sleep(Math.min(next.untilMs - now(), maxSleepMs));
  }

  async function run(): Promise<void> {
    await recall();
    while (!options.signal.aborted) {
      try {
        await step();
      } catch (error) {
        // A disk that is full, for one: nothing that an authority could help.
        logger.error(`The certificate could not be renewed: ${String(error)}`);
        await sleep(maxSleepMs);
      }
    }
  }

  return { load, start: () => void run() };
}
