import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseHost, toOrigin } from '../network/host.ts';
import { answerText } from './answer-text.ts';
import { isForSockets, isNavigation, isRead, pathOf } from './request-facts.ts';

/**
 * Answers on a port that has no pages: leads a person to the same path over HTTPS, and tells a program that it is in the
 * wrong place, for no client of sockets follows.
 *
 * @param port where the pages are.
 */
export function createRedirectHandler(
  port: number,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const host = parseHost(request.headers.host);
    if (host === undefined) {
      answerText(response, 400, 'The Host header is missing or malformed.');
    } else if (isRead(request) && isNavigation(request) && !isForSockets(pathOf(request))) {
      const target = `${toOrigin('https', host.name, port)}${request.url ?? '/'}`;
      // Not a permanent redirect: a browser would keep it after the server has changed its mind.
      answerText(response, 307, `This page is at ${target}`, {
        Location: target,
        'Cache-Control': 'no-store',
      });
    } else {
      answerText(response, 403, 'This address answers over HTTPS only.');
    }
  };
}
