import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SIGNALING_PATH } from '@callbox/contract';

/** Where a page that goes away says so, when it has no time for anything else. */
const farewellPath = `${SIGNALING_PATH}leave`;
/** Where a client asks whether the server is there, before it tries a WebSocket: browsers make those wait that fail. */
const knockPath = `${SIGNALING_PATH}knock`;

function pathOf(request: IncomingMessage): string | undefined {
  return (request.url ?? '').split('?', 1)[0];
}

/** Tells whether a request is for signaling, by its path alone. */
export function isForSignaling(request: IncomingMessage): boolean {
  const path = pathOf(request);
  return path === SIGNALING_PATH || path === farewellPath || path === knockPath;
}

/** Tells whether a request for signaling is the last word of a page. */
export function isFarewell(request: IncomingMessage): boolean {
  return pathOf(request) === farewellPath;
}

/** Tells whether a request for signaling only asks whether anybody is there. */
export function isKnock(request: IncomingMessage): boolean {
  return pathOf(request) === knockPath;
}

/** Says that somebody is there. */
export function answerKnock(response: ServerResponse): void {
  response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}

/** Lets the page that sent this request read the answer (Fetch §3.3, the CORS protocol). */
export function allowReading(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Vary', 'Origin');
  const { origin } = request.headers;
  if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
}

/** Answers the question that a browser asks before a request it finds unusual (Fetch §3.3.3, CORS-preflight). */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': '600',
  });
  response.end();
}

/** Refuses a request with a status and one line of text. */
export function refuseRequest(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${reason}\n`);
}

/** Refuses an upgrade with a status line and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: '403 Forbidden' | '503 Service Unavailable'): void {
  // The other side may be gone already.
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
