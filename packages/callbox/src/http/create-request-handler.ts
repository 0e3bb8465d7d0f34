import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignalingServer } from '@callbox/signaling';
import { isOwnMachine } from '../network/host.ts';
import { answerText } from './answer-text.ts';
import type { CheckHandler } from './create-check-handler.ts';
import type { PageHandler } from './create-page-handler.ts';
import { hostOf, isForSockets, isNavigation, isRead, isSecure, pathOf } from './request-facts.ts';

export interface RequestHandlerOptions {
  /** Undefined where signaling does not run here. */
  readonly signaling: Pick<SignalingServer, 'handleRequest'> | undefined;
  /** Undefined where signaling does not run here. */
  readonly serveCheck?: CheckHandler | undefined;
  /** Undefined on a port without pages. */
  readonly servePage: PageHandler | undefined;
  /** What `/healthz` tells; it answers 503 while this is undefined. */
  readonly health: () => Readonly<Record<string, unknown>> | undefined;
}

function answerHealth(response: ServerResponse, health: Readonly<Record<string, unknown>> | undefined): void {
  const body = JSON.stringify(health ?? { status: 'starting' });
  response.writeHead(health === undefined ? 503 : 200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

/**
 * Pages need encryption, for without it a browser gives them no camera, except on the very machine that serves them. So
 * a person is led to HTTPS on the same port; a program is told so.
 */
function answerUnencrypted(request: IncomingMessage, response: ServerResponse, authority: string): void {
  const target = `https://${authority}${request.url ?? '/'}`;
  if (isRead(request) && isNavigation(request)) {
    // Not a permanent redirect: a browser would keep it after the server has changed its mind.
    answerText(response, 307, `This page is at ${target}`, { Location: target, 'Cache-Control': 'no-store' });
  } else {
    answerText(response, 403, 'This address answers over HTTPS only.');
  }
}

/** Decides who answers a request on a port: health, signaling, pages, or nobody. */
export function createRequestHandler(
  options: RequestHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const path = pathOf(request);
    if (path === '/healthz' && isRead(request)) {
      answerHealth(response, options.health());
      return;
    }
    if (options.serveCheck?.(request, response) === true) return;
    if (options.signaling?.handleRequest(request, response) === true) return;
    if (options.servePage === undefined || isForSockets(path)) {
      answerText(response, 404, 'There is nothing here.');
      return;
    }
    const host = hostOf(request);
    if (host === undefined) {
      answerText(response, 400, 'The Host header is missing or malformed.');
    } else if (isSecure(request) || isOwnMachine(host)) {
      options.servePage(request, response);
    } else {
      answerUnencrypted(request, response, request.headers.host ?? host.name);
    }
  };
}
