import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';

export interface AnswerRequest {
  readonly url: string;
  /** The Host header, where it is not that of the URL. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In milliseconds, for everything. */
  readonly timeoutMs: number;
}

/** What came back. A handshake for a WebSocket that succeeds has status 101 and no body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When the request went out and when its answer had come, by our clock. */
  readonly sentAtMs: number;
  readonly cameAtMs: number;
}

const maxBodyCharacters = 65_536;

function flatten(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The system's word for what went wrong, or OpenSSL's. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error ? String(error.code) : error.message;
}

/** One request of ours, whatever the certificate is: it is judged elsewhere. No redirect is followed. */
export function fetchAnswer(options: AnswerRequest): Promise<Answer> {
  const url = new URL(options.url);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const sentAtMs = Date.now();
  return new Promise((resolve, reject) => {
    const settle = (request: ClientRequest, response: IncomingMessage, body: string): void => {
      resolve({
        status: response.statusCode ?? 0,
        headers: flatten(response.headers),
        body,
        sentAtMs,
        cameAtMs: Date.now(),
      });
      request.destroy();
    };
    const request = send({
      host: hostname,
      port: url.port === '' ? undefined : Number(url.port),
      path: `${url.pathname}${url.search}`,
      headers: { Host: options.host ?? url.host, 'User-Agent': 'callbox-doctor', ...options.headers },
      agent: false,
      rejectUnauthorized: false,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    request.on('error', reject);
    request.on('upgrade', (response) => settle(request, response, ''));
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        if (body.length < maxBodyCharacters) body += text;
      });
      response.on('error', reject);
      response.on('end', () => settle(request, response, body));
    });
    request.end();
  });
}
