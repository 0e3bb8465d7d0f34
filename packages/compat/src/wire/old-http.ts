import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Where old clients look for signaling; ours have a path of their own. */
const oldPath = '/socket.io/';
/** Where those who watched over the old server looked. */
const healthPath = '/healthcheck';
/** Where the old server gave its client library away. */
const libraryPath = '/socket.io/socket.io.js';

/** What a request wants of the old door. */
export type OldWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'health' }
  | { readonly kind: 'library' }
  | { readonly kind: 'signaling'; readonly query: OldQuery };

/** What of a request's query counts. Of a field that is there twice the last, as the engine reads it. */
export interface OldQuery {
  readonly transport: string | null;
  readonly revision: string | null;
  readonly sid: string | null;
  readonly isJsonp: boolean;
}

export function readOldWish({ url = '' }: IncomingMessage): OldWish {
  const [path = '', search = ''] = url.split('?', 2);
  if (path === healthPath) return { kind: 'health' };
  if (path === libraryPath) return { kind: 'library' };
  if (`${path}/` !== oldPath && !path.startsWith(oldPath)) return { kind: 'none' };
  const fields = new Map(new URLSearchParams(search));
  return {
    kind: 'signaling',
    query: {
      transport: fields.get('transport') ?? null,
      revision: fields.get('EIO') ?? null,
      sid: fields.get('sid') || null,
      isJsonp: fields.has('j'),
    },
  };
}

/** Lets the page read the answer, as one that sends its cookies along expects (Fetch §3.3.5): not for all, but by name. */
export function allowReading({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Vary', 'Origin');
  if (headers.origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', headers.origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
}

/** Answers what a browser asks before it posts octets (Fetch §3.3.3, CORS-preflight). */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': '600',
  });
  response.end();
}

export function answerSentence(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(sentence === '' ? '' : `${sentence}\n`);
}

/** Refuses as the engine does: old clients, and who watches over them, know its codes. */
export function refuseAsEngine(response: ServerResponse, code: number, message: string): void {
  response.writeHead(400, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ code, message }));
}

const statusLines = {
  400: '400 Bad Request',
  403: '403 Forbidden',
  429: '429 Too Many Requests',
  503: '503 Service Unavailable',
} as const;
export type RefusalStatus = keyof typeof statusLines;

export function refuseUpgrade(socket: Duplex, status: RefusalStatus): void {
  // The other side may be gone already.
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${statusLines[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
