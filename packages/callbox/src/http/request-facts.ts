import type { IncomingMessage } from 'node:http';
import { SIGNALING_PATH } from '@callbox/contract';

/** The request's path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

/** Of sockets, under whatever path: such a request is never redirected, for no client of them follows. */
export function isForSockets(path: string): boolean {
  return path.includes(SIGNALING_PATH) || path.includes('/socket.io/');
}

/** Only reads, and so may be led elsewhere without loss. */
export function isRead(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** A person follows a link or types an address; not a script, a picture or a program. */
export function isNavigation(request: IncomingMessage): boolean {
  const mode = request.headers['sec-fetch-mode'];
  // Browsers say the mode to hosts they find trustworthy only, so its absence says nothing.
  if (mode !== undefined) return mode === 'navigate';
  return (request.headers.accept ?? '').includes('text/html');
}
