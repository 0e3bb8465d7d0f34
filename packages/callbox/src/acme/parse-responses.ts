import { isIP } from 'node:net';
import { AcmeError, type AcmeProblem } from './acme-error.ts';

/** A name or an address that a certificate shall stand for (RFC 8555 §9.7.7, RFC 8738 §3). */
export interface Identifier {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

/** Where an authority takes which request (RFC 8555 §7.1.1, RFC 9773 §4.1). */
export interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  readonly renewalInfo: string | undefined;
  readonly termsOfService: string | undefined;
  /** Names of the kinds of certificate on offer; none where the authority knows one kind only. */
  readonly profiles: readonly string[];
}

export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';

/** RFC 8555 §7.1.3. */
export interface Order {
  readonly status: OrderStatus;
  readonly authorizations: readonly string[];
  readonly finalize: string;
  readonly certificate: string | undefined;
  readonly problem: AcmeProblem | undefined;
}

/** RFC 8555 §8. */
export interface Challenge {
  readonly type: string;
  readonly url: string;
  readonly token: string;
  readonly problem: AcmeProblem | undefined;
}

/** RFC 8555 §7.1.4. */
export interface Authorization {
  readonly identifier: Identifier;
  readonly status: string;
  readonly challenges: readonly Challenge[];
}

/** When an authority would have a certificate renewed (RFC 9773 §4.2); milliseconds since 1970. */
export interface RenewalWindow {
  readonly startMs: number;
  readonly endMs: number;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string): AcmeError {
  return new AcmeError('malformed', `the certificate authority’s answer holds no ${what}`);
}

function readFields(value: unknown, what: string): Fields {
  if (!isFields(value)) throw malformed(what);
  return value;
}

function readText(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw malformed(key);
  return value;
}

function readOptionalText(fields: Fields, key: string): string | undefined {
  return fields[key] === undefined ? undefined : readText(fields, key);
}

function readList(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw malformed(key);
  return value;
}

const problemPrefix = 'urn:ietf:params:acme:error:';

/** Of several problems in one the first that names an identifier says most (RFC 8555 §6.7.1). */
export function parseProblem(value: unknown): AcmeProblem | undefined {
  if (!isFields(value)) return undefined;
  const { type, detail, subproblems, identifier } = value;
  const [first] = Array.isArray(subproblems) ? subproblems : [];
  const inner = parseProblem(first);
  if (inner !== undefined) return inner;
  if (typeof type !== 'string') return undefined;
  const concerned = isFields(identifier) ? identifier['value'] : undefined;
  return {
    type: type.startsWith(problemPrefix) ? type.slice(problemPrefix.length) : type,
    detail: typeof detail === 'string' ? detail : '',
    ...(typeof concerned === 'string' ? { identifier: concerned } : {}),
  };
}

export function parseDirectory(value: unknown): Directory {
  const fields = readFields(value, 'directory');
  const meta = isFields(fields['meta']) ? fields['meta'] : {};
  return {
    newNonce: readText(fields, 'newNonce'),
    newAccount: readText(fields, 'newAccount'),
    newOrder: readText(fields, 'newOrder'),
    renewalInfo: readOptionalText(fields, 'renewalInfo'),
    termsOfService: readOptionalText(meta, 'termsOfService'),
    profiles: isFields(meta['profiles']) ? Object.keys(meta['profiles']) : [],
  };
}

const orderStatuses: readonly OrderStatus[] = ['pending', 'ready', 'processing', 'valid', 'invalid'];

export function parseOrder(value: unknown): Order {
  const fields = readFields(value, 'order');
  const status = orderStatuses.find((candidate) => candidate === fields['status']);
  if (status === undefined) throw malformed('status of the order');
  return {
    status,
    authorizations: readList(fields, 'authorizations').map((url) => readText({ url }, 'url')),
    finalize: readText(fields, 'finalize'),
    certificate: readOptionalText(fields, 'certificate'),
    problem: parseProblem(fields['error']),
  };
}

function parseChallenge(value: unknown): Challenge {
  const fields = readFields(value, 'challenge');
  return {
    type: readText(fields, 'type'),
    url: readText(fields, 'url'),
    // Kinds that are none of ours need have none.
    token: readOptionalText(fields, 'token') ?? '',
    problem: parseProblem(fields['error']),
  };
}

export function parseAuthorization(value: unknown): Authorization {
  const fields = readFields(value, 'authorization');
  const identifier = readFields(fields['identifier'], 'identifier');
  const name = readText(identifier, 'value');
  return {
    identifier: { type: isIP(name) === 0 ? 'dns' : 'ip', value: name },
    status: readText(fields, 'status'),
    challenges: readList(fields, 'challenges').map(parseChallenge),
  };
}

export function parseRenewalWindow(value: unknown): RenewalWindow {
  const window = readFields(readFields(value, 'renewal information')['suggestedWindow'], 'suggestedWindow');
  const startMs = Date.parse(readText(window, 'start'));
  const endMs = Date.parse(readText(window, 'end'));
  if (!(endMs > startMs)) throw malformed('suggestedWindow that makes sense');
  return { startMs, endMs };
}
