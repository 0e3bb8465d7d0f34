import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, flattenedVerify, type FlattenedJWS } from 'jose';
import { describe, expect, test } from 'vitest';
import { createAcmeConnection, type AcmeConnection, type ExternalAccount } from './acme-connection.ts';
import { AcmeError } from './acme-error.ts';

const directoryUrl = 'https://ca.example/dir';
const directory = {
  newNonce: 'https://ca.example/nonce',
  newAccount: 'https://ca.example/account',
  newOrder: 'https://ca.example/order',
};
const accountUrl = 'https://ca.example/account/7';
const { privateKey: accountKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Signed {
  readonly url: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

interface FakeAuthority {
  readonly connection: AcmeConnection;
  /** What was sent signed, with the signature checked. */
  readonly signed: Signed[];
  readonly askedForNonce: () => number;
}

function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

/** An authority that answers signed requests so, one after the other. */
function createFakeAuthority(...answers: (Response | Error)[]): FakeAuthority {
  return createFakeAuthorityFor(undefined, answers);
}

function createFakeAuthorityFor(
  externalAccount: ExternalAccount | undefined,
  answers: (Response | Error)[],
): FakeAuthority {
  const signed: Signed[] = [];
  let nonces = 0;
  let headRequests = 0;
  const nextNonce = (): string => `nonce-${(nonces += 1)}`;

  async function answer(url: string, init: RequestInit | undefined): Promise<Response> {
    if (url === directoryUrl) return json(directory);
    if (init?.method === 'HEAD') {
      headRequests += 1;
      return new Response(null, { headers: { 'Replay-Nonce': nextNonce() } });
    }
    if (typeof init?.body === 'string') {
      const request = JSON.parse(init.body) as FlattenedJWS;
      const verified = await flattenedVerify(request, createPublicKey(accountKey));
      const payload = new TextDecoder().decode(verified.payload);
      signed.push({ url, header: { ...verified.protectedHeader }, payload });
    }
    const next = answers.shift();
    if (next === undefined) throw new Error(`nothing to say about ${url}`);
    if (next instanceof Error) throw next;
    next.headers.set('Replay-Nonce', nextNonce());
    return next;
  }

  const connection = createAcmeConnection({
    directoryUrl,
    accountKey,
    externalAccount,
    userAgent: 'callbox/test',
    fetch: (url, init) => answer(url instanceof Request ? url.url : url.toString(), init),
    now: () => Date.UTC(2026, 0, 1),
  });
  return { connection, signed, askedForNonce: () => headRequests };
}

function accountMade(): Response {
  return json({ status: 'valid' }, 201, { Location: accountUrl });
}

async function failureOf(promise: Promise<unknown>): Promise<AcmeError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof AcmeError)) throw new Error('it did not fail as it should', { cause: error });
  return error;
}

describe('a signed request', () => {
  test('shows the key until there is an account, and names the account from then on', async () => {
    const { connection, signed, askedForNonce } = createFakeAuthority(accountMade(), json({ order: 1 }));
    await connection.openAccount(['mailto:admin@calls.example']);
    await connection.post(directory.newOrder, { identifiers: [] });
    const publicKey = await exportJWK(createPublicKey(accountKey));
    expect(signed).toEqual([
      {
        url: directory.newAccount,
        header: { alg: 'ES256', url: directory.newAccount, nonce: 'nonce-1', jwk: publicKey },
        payload: '{"termsOfServiceAgreed":true,"contact":["mailto:admin@calls.example"]}',
      },
      {
        url: directory.newOrder,
        header: { alg: 'ES256', url: directory.newOrder, nonce: 'nonce-2', kid: accountUrl },
        payload: '{"identifiers":[]}',
      },
    ]);
    // The nonce of one answer serves the next request.
    expect(askedForNonce()).toBe(1);
  });

  test('for an account carries the word of an authority that knows its customer otherwise', async () => {
    const externalAccount = { kid: 'customer 7', key: new Uint8Array(32).fill(9) };
    const { connection, signed } = createFakeAuthorityFor(externalAccount, [accountMade()]);
    await connection.openAccount([]);
    const { externalAccountBinding } = JSON.parse(signed[0]?.payload ?? '') as {
      readonly externalAccountBinding: FlattenedJWS;
    };
    const { payload, protectedHeader } = await flattenedVerify(externalAccountBinding, externalAccount.key);
    expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'customer 7', url: directory.newAccount });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(signed[0]?.header['jwk']);
  });

  test('that only reads has an empty payload', async () => {
    const { connection, signed } = createFakeAuthority(accountMade(), json({}));
    await connection.openAccount([]);
    await connection.post('https://ca.example/order/1');
    expect(signed[1]?.payload).toBe('');
  });

  test('whose nonce is refused is sent once more with the one that came along', async () => {
    const badNonce = () => json({ type: 'urn:ietf:params:acme:error:badNonce' }, 400);
    const { connection, signed } = createFakeAuthority(badNonce(), badNonce(), accountMade());
    await connection.openAccount([]);
    expect(signed.map(({ header }) => header['nonce'])).toEqual(['nonce-1', 'nonce-2', 'nonce-3']);
  });

  test('whose nonce is refused again and again is given up', async () => {
    const answers = Array.from({ length: 7 }, () =>
      json({ type: 'urn:ietf:params:acme:error:badNonce' }, 400),
    );
    const { connection, signed } = createFakeAuthority(...answers);
    expect((await failureOf(connection.openAccount([]))).code).toBe('refused');
    expect(signed).toHaveLength(6);
  });
});

describe('what goes wrong', () => {
  test.each<[string, Response | Error, object]>([
    [
      'a refusal is told with its kind and the wait',
      json({ type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many' }, 429, {
        'Retry-After': '60',
        'Content-Type': 'application/problem+json',
      }),
      { code: 'refused', problem: { type: 'rateLimited', detail: 'too many' }, retryAfterMs: 60_000 },
    ],
    [
      'a gateway without its server is no refusal',
      new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
      { code: 'unreachable', message: 'ca.example says status 502', problem: undefined },
    ],
    [
      'a line that is dead is named by the system’s word',
      new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ENOTFOUND' }) }),
      { code: 'unreachable', message: 'ca.example does not answer (ENOTFOUND)' },
    ],
    [
      'JSON that is none counts as no answer',
      new Response('{', { headers: { 'Content-Type': 'application/json' } }),
      { code: 'unreachable' },
    ],
    ['an account without an address makes no sense', json({}), { code: 'malformed' }],
  ])('%s', async (_what, answer, expected) => {
    const { connection } = createFakeAuthority(answer);
    expect(await failureOf(connection.openAccount([]))).toMatchObject(expected);
  });

  test('a directory that could not be read is asked for again', async () => {
    let isDown = true;
    const connection = createAcmeConnection({
      directoryUrl,
      accountKey,
      userAgent: 'callbox/test',
      fetch: async () => (isDown ? new Response('', { status: 503 }) : json(directory)),
      now: () => 0,
    });
    expect((await failureOf(connection.directory())).code).toBe('unreachable');
    isDown = false;
    expect(await connection.directory()).toMatchObject(directory);
  });
});

test('a challenge is answered with the token and the account’s key', async () => {
  const { connection } = createFakeAuthority();
  const thumbprint = await calculateJwkThumbprint(await exportJWK(createPublicKey(accountKey)));
  expect(await connection.authorizeKey('token')).toBe(`token.${thumbprint}`);
});
