import type { KeyPair } from '../port/port-splitter.ts';
import type { AcmeAnswer, AcmeConnection } from './acme-connection.ts';
import { AcmeError, type AcmeProblem } from './acme-error.ts';
import { challengePathPrefix, type ChallengeResponses, type ChallengeType } from './challenge-responses.ts';
import {
  parseAuthorization,
  parseOrder,
  type Authorization,
  type Challenge,
  type Identifier,
  type Order,
} from './parse-responses.ts';
import { toChallengeServerName } from './reverse-name.ts';

export interface OrderOptions {
  readonly connection: AcmeConnection;
  readonly identifiers: readonly Identifier[];
  /** How to prove that they are ours. */
  readonly challengeType: ChallengeType;
  readonly responses: ChallengeResponses;
  /** The kind of certificate, where the authority has several. */
  readonly profile: string | undefined;
  /** The certificate that this one replaces, by its name in RFC 9773 §4.1, where the authority hears of that. */
  readonly replaces: string | undefined;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How long an authority may take to look, or to issue. */
const patienceMs = 3 * 60_000;
/** Time between two questions whether it has, where it does not say. */
const pollMs = 1000;
const maxPollMs = 30_000;

function unproven({ identifier }: Authorization, problem: AcmeProblem | undefined): AcmeError {
  const detail = problem === undefined ? 'no reason given' : `${problem.type}: ${problem.detail}`;
  const concerned = { type: 'unknown', detail: '', ...problem, identifier: identifier.value };
  return new AcmeError('unproven', `${identifier.value}: ${detail}`, { problem: concerned });
}

/** Asks until there is something to say, or the patience is over. */
async function poll<T>(
  { connection, now, sleep }: OrderOptions,
  url: string,
  judge: (answer: AcmeAnswer) => T | undefined,
): Promise<T> {
  const deadlineMs = now() + patienceMs;
  for (;;) {
    const answer = await connection.post(url);
    const verdict = judge(answer);
    if (verdict !== undefined) return verdict;
    if (now() > deadlineMs) throw new AcmeError('overdue', 'the certificate authority takes too long');
    await sleep(Math.min(Math.max(answer.retryAfterMs ?? pollMs, pollMs), maxPollMs));
  }
}

async function publish(
  { responses, challengeType, now }: OrderOptions,
  { identifier }: Authorization,
  challenge: Challenge,
  keyAuthorization: string,
): Promise<() => void> {
  if (challengeType === 'http-01') {
    const path = `${challengePathPrefix}${challenge.token}`;
    responses.http.set(path, keyAuthorization);
    return () => responses.http.delete(path);
  }
  const { createChallengeCertificate } = await import('./create-challenge-certificate.ts');
  const name = toChallengeServerName(identifier.value);
  responses.tls.set(name, await createChallengeCertificate(identifier, keyAuthorization, now()));
  return () => responses.tls.delete(name);
}

/** Proves that one identifier is ours, unless the authority still remembers (RFC 8555 §7.5.1). */
async function prove(options: OrderOptions, url: string): Promise<void> {
  const { connection, challengeType } = options;
  const authorization = parseAuthorization((await connection.post(url)).body);
  if (authorization.status === 'valid') return;
  const challenge = authorization.challenges.find(({ type }) => type === challengeType);
  if (challenge === undefined || challenge.token === '') {
    throw new AcmeError('unproven', `the certificate authority offers no ${challengeType}`, {
      problem: { type: 'notOffered', detail: '', identifier: authorization.identifier.value },
    });
  }
  const withdraw = await publish(
    options,
    authorization,
    challenge,
    await connection.authorizeKey(challenge.token),
  );
  try {
    await connection.post(challenge.url, {});
    await poll(options, url, ({ body }) => {
      const seen = parseAuthorization(body);
      if (seen.status === 'pending') return undefined;
      if (seen.status === 'valid') return true;
      throw unproven(seen, seen.challenges.find(({ problem }) => problem !== undefined)?.problem);
    });
  } finally {
    withdraw();
  }
}

function failed({ problem }: Order): AcmeError {
  const detail = problem === undefined ? 'no reason given' : `${problem.type}: ${problem.detail}`;
  return new AcmeError('refused', `the order was turned down (${detail})`, { problem });
}

/**
 * Obtains one certificate, from the order to the file (RFC 8555 §7.4). One identifier is proven after the other: where the
 * first fails, the authority is not asked in vain about the rest. Rejects with an `AcmeError`.
 */
export async function orderCertificate(options: OrderOptions): Promise<KeyPair> {
  const { connection, identifiers, profile, replaces } = options;
  const { newOrder } = await connection.directory();
  const placed = await connection.post(newOrder, {
    identifiers,
    ...(profile === undefined ? {} : { profile }),
    ...(replaces === undefined ? {} : { replaces }),
  });
  const { location } = placed;
  if (location === undefined) throw new AcmeError('malformed', 'the certificate authority named no order');
  const order = parseOrder(placed.body);
  for (const url of order.authorizations) await prove(options, url);

  await poll(options, location, ({ body }) => {
    const { status, ...rest } = parseOrder(body);
    if (status === 'pending') return undefined;
    if (status === 'ready') return true;
    throw failed({ status, ...rest });
  });
  // Loaded only here: it takes longer than the rest of a start.
  const { createSigningRequest } = await import('./create-signing-request.ts');
  const { csr, key } = await createSigningRequest(identifiers);
  await connection.post(order.finalize, { csr });
  const certificateUrl = await poll(options, location, ({ body }) => {
    const seen = parseOrder(body);
    if (seen.status === 'valid') return seen.certificate;
    if (seen.status === 'processing' || seen.status === 'ready') return undefined;
    throw failed(seen);
  });
  const { body } = await connection.post(certificateUrl);
  if (typeof body !== 'string') throw new AcmeError('malformed', 'the certificate is no text');
  return { cert: body, key };
}
