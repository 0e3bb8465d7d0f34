import type { KeyPair } from '../port/port-splitter.ts';
import type { AcmeConnection } from './acme-connection.ts';
import { AcmeError, isAboutConnection } from './acme-error.ts';
import type { ChallengeResponses, ChallengeType } from './challenge-responses.ts';
import { explainAcmeError } from './explain-acme-error.ts';
import { orderCertificate, type OrderOptions } from './order-certificate.ts';
import type { Identifier } from './parse-responses.ts';

export interface ObtainOptions {
  readonly connection: AcmeConnection;
  readonly email: string | undefined;
  /** Told of the terms of service before they are agreed to. */
  readonly onTerms: (url: string) => void;
  readonly identifiers: readonly Identifier[];
  /** Ways to prove control, to be tried in this order. */
  readonly challengeTypes: readonly ChallengeType[];
  readonly responses: ChallengeResponses;
  /** The certificate that is replaced, by its name in RFC 9773 §4.1. */
  readonly replaces: string | undefined;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A certificate, and the way in which control was proven. */
export interface Obtained {
  readonly keyPair: KeyPair;
  readonly challengeType: ChallengeType;
}

/** No certificate: what is said to the operator, and what became of the attempt. */
export class ObtainError extends Error {
  override readonly cause: AcmeError;

  constructor(message: string, cause: AcmeError) {
    super(message, { cause });
    this.name = 'ObtainError';
    this.cause = cause;
  }
}

interface Attempt {
  readonly type: ChallengeType;
  readonly error: AcmeError;
}

/** Of several attempts that failed, one that reached a server says more than one that reached none. */
function explainAttempts(attempts: readonly Attempt[]): ObtainError | undefined {
  const reached = attempts.find(({ error }) => !isAboutConnection(error.problem));
  const telling = reached ?? attempts.at(-1);
  if (telling === undefined) return undefined;
  const tried = reached === undefined ? attempts : [reached];
  const message = explainAcmeError(
    telling.error,
    tried.map(({ type }) => type),
  );
  return new ObtainError(message, telling.error);
}

/** Addresses are vouched for in certificates of a few days only; authorities that offer a choice call them so. */
const profileForAddresses = 'shortlived';

/**
 * Why an authority may refuse to hear what is replaced: it has been already, or by another account, or the certificate is
 * none of its own. Then the order is good without the hint (RFC 9773 §5).
 */
const aboutReplacing = new Set(['alreadyReplaced', 'unauthorized', 'malformed']);

async function orderReplacing(options: OrderOptions): Promise<KeyPair> {
  try {
    return await orderCertificate(options);
  } catch (error) {
    const isAboutReplacing =
      error instanceof AcmeError && error.code === 'refused' && aboutReplacing.has(error.problem?.type ?? '');
    if (!isAboutReplacing || options.replaces === undefined) throw error;
    return orderCertificate({ ...options, replaces: undefined });
  }
}

/**
 * Obtains a certificate, trying one way to prove control after the other: a challenge that failed is over, and with it its
 * order (RFC 8555 §7.1.6). Rejects with an `ObtainError`.
 */
export async function obtainCertificate(options: ObtainOptions): Promise<Obtained> {
  const { connection, email, identifiers } = options;
  const attempts: Attempt[] = [];
  for (const type of options.challengeTypes) {
    try {
      const directory = await connection.directory();
      if (directory.termsOfService !== undefined) options.onTerms(directory.termsOfService);
      await connection.openAccount(email === undefined ? [] : [`mailto:${email}`]);
      const wantsShort = identifiers.some((identifier) => identifier.type === 'ip');
      const keyPair = await orderReplacing({
        ...options,
        challengeType: type,
        profile:
          wantsShort && directory.profiles.includes(profileForAddresses) ? profileForAddresses : undefined,
        replaces: directory.renewalInfo === undefined ? undefined : options.replaces,
      });
      return { keyPair, challengeType: type };
    } catch (error) {
      if (!(error instanceof AcmeError)) throw error;
      attempts.push({ type, error });
      // Whatever else it was, another way to prove control would not change it.
      if (error.code !== 'unproven') break;
    }
  }
  throw explainAttempts(attempts) ?? new TypeError('no way to prove control was given');
}
