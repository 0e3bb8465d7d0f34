import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, FlattenedSign, type FlattenedJWS, type JWK } from 'jose';
import { AcmeError } from './acme-error.ts';
import { parseDirectory, parseProblem, type Directory } from './parse-responses.ts';
import { parseRetryAfter } from './retry-after.ts';

/** By which an authority knows a customer whom it has met elsewhere (RFC 8555 §7.3.4). */
export interface ExternalAccount {
  readonly kid: string;
  /** For HMAC with SHA-256. */
  readonly key: Uint8Array;
}

export interface AcmeConnectionOptions {
  readonly directoryUrl: string;
  /** ECDSA on P-256. */
  readonly accountKey: KeyObject;
  /** Vouches for new accounts, where the authority makes none for strangers. */
  readonly externalAccount?: ExternalAccount | undefined;
  /** RFC 8555 §6.1 wants clients to name themselves. */
  readonly userAgent: string;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An answer that is no refusal. */
export interface AcmeAnswer {
  /** Value of JSON, or text. */
  readonly body: unknown;
  /** Where what was made can be found. */
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Speaks to a certificate authority in signed requests (RFC 8555 §6). Every method rejects with an `AcmeError`. */
export interface AcmeConnection {
  readonly directory: () => Promise<Directory>;
  /** Signs with the account's key; `payload` undefined reads (POST-as-GET, RFC 8555 §6.3). */
  readonly post: (url: string, payload?: unknown) => Promise<AcmeAnswer>;
  /** A request that is not signed (RFC 9773 §4.1). */
  readonly get: (url: string) => Promise<AcmeAnswer>;
  /** Finds the account of this key, or makes it; to be called before any other `post`. */
  readonly openAccount: (contact: readonly string[]) => Promise<void>;
  /** What a challenge's answer consists of (RFC 8555 §8.1). */
  readonly authorizeKey: (token: string) => Promise<string>;
}

/** An authority that takes longer than that is down. */
const requestTimeoutMs = 30_000;
/** RFC 8555 §6.5: a nonce may be refused at any time, and the request then be sent once more with the one that came along. */
const maxNonceRetries = 5;
/** No answer of an authority is longer. */
const maxAnswerBytes = 256 * 1024;

function explainNoAnswer(url: string, error: unknown): AcmeError {
  const { hostname } = new URL(url);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new AcmeError('unreachable', `${hostname} does not answer (${code})`, { cause: error });
}

/** Opens nothing yet: the directory is read with the first request. */
export function createAcmeConnection(options: AcmeConnectionOptions): AcmeConnection {
  const { directoryUrl, accountKey, externalAccount, userAgent, now } = options;
  let directory: Promise<Directory> | undefined;
  let accountUrl: string | undefined;
  let nonce: string | undefined;
  let publicJwk: Promise<JWK> | undefined;

  const jwk = (): Promise<JWK> => (publicJwk ??= exportJWK(createPublicKey(accountKey)));

  async function request(
    url: string,
    init: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    },
  ): Promise<{ response: Response; body: unknown }> {
    try {
      const response = await options.fetch(url, {
        ...init,
        headers: { 'User-Agent': userAgent, ...init.headers },
        signal: AbortSignal.timeout(requestTimeoutMs),
        redirect: 'error',
      });
      const text = await response.text();
      if (text.length > maxAnswerBytes) throw new Error('the answer is too long');
      const isJson = /^application\/(?:[a-z.]+\+)?json/.test(response.headers.get('content-type') ?? '');
      return { response, body: isJson ? (JSON.parse(text) as unknown) : text };
    } catch (error) {
      throw explainNoAnswer(url, error);
    }
  }

  function accept(url: string, response: Response, body: unknown): AcmeAnswer {
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), now());
    if (response.ok) {
      return { body, location: response.headers.get('location') ?? undefined, retryAfterMs };
    }
    const problem = parseProblem(body);
    const said = problem === undefined ? `status ${response.status}` : `${problem.type}: ${problem.detail}`;
    // A gateway that has lost its server speaks no JSON, or says that it is its own fault.
    const isDown = response.status >= 500 && problem?.type !== 'rateLimited';
    throw new AcmeError(isDown ? 'unreachable' : 'refused', `${new URL(url).hostname} says ${said}`, {
      problem,
      retryAfterMs,
    });
  }

  async function get(url: string): Promise<AcmeAnswer> {
    const { response, body } = await request(url, {});
    return accept(url, response, body);
  }

  async function takeNonce(): Promise<string> {
    const kept = nonce;
    nonce = undefined;
    if (kept !== undefined) return kept;
    const { response } = await request((await readDirectory()).newNonce, { method: 'HEAD' });
    const fresh = response.headers.get('replay-nonce');
    if (fresh === null) throw new AcmeError('malformed', 'the certificate authority gave no nonce');
    return fresh;
  }

  async function send(url: string, payload: unknown, retriesLeft: number): Promise<AcmeAnswer> {
    const signer = accountUrl === undefined ? { jwk: await jwk() } : { kid: accountUrl };
    const octets = new TextEncoder().encode(payload === undefined ? '' : JSON.stringify(payload));
    const signed = await new FlattenedSign(octets)
      .setProtectedHeader({ alg: 'ES256', url, nonce: await takeNonce(), ...signer })
      .sign(accountKey);
    const { response, body } = await request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/jose+json' },
      body: JSON.stringify(signed),
    });
    nonce = response.headers.get('replay-nonce') ?? undefined;
    if (!response.ok && parseProblem(body)?.type === 'badNonce' && retriesLeft > 0) {
      return send(url, payload, retriesLeft - 1);
    }
    return accept(url, response, body);
  }

  async function readDirectory(): Promise<Directory> {
    directory ??= get(directoryUrl).then(({ body }) => parseDirectory(body));
    return directory.catch((error: unknown) => {
      directory = undefined;
      throw error;
    });
  }

  /** RFC 8555 §7.3.4: our public key, signed with the key that the authority gave its customer. */
  async function bind({ kid, key }: ExternalAccount, url: string): Promise<FlattenedJWS> {
    const payload = new TextEncoder().encode(JSON.stringify(await jwk()));
    return new FlattenedSign(payload).setProtectedHeader({ alg: 'HS256', kid, url }).sign(key);
  }

  return {
    directory: readDirectory,
    get,
    post: (url, payload) => send(url, payload, maxNonceRetries),
    async openAccount(contact) {
      accountUrl = undefined;
      const { newAccount } = await readDirectory();
      const payload = {
        termsOfServiceAgreed: true,
        ...(contact.length === 0 ? {} : { contact }),
        ...(externalAccount === undefined
          ? {}
          : { externalAccountBinding: await bind(externalAccount, newAccount) }),
      };
      const { location } = await send(newAccount, payload, maxNonceRetries);
      if (location === undefined)
        throw new AcmeError('malformed', 'the certificate authority named no account');
      accountUrl = location;
    },
    authorizeKey: async (token) => `${token}.${await calculateJwkThumbprint(await jwk())}`,
  };
}
