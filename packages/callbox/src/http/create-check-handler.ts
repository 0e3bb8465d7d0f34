import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IceGrant } from '@callbox/contract';
import { answerText } from './answer-text.ts';
import { isRead, pathOf } from './request-facts.ts';
import { createVisitLimiter } from './visit-limiter.ts';

/** Where a browser, and `callbox doctor`, get ICE servers to try a call with themselves. */
export const CHECK_PATH = '/check/ice-servers';

/** Two looks a minute, a few at once: for a person who tries again, and no more. */
const rate = { burst: 6, secondsPerVisit: 30 };

/** How the visitor reached us. */
export interface CheckVisit {
  readonly remoteAddress: string;
  readonly host: string;
  readonly secure: boolean;
  readonly isProxied: boolean;
}

export interface CheckHandlerOptions {
  readonly readVisit: (request: IncomingMessage) => CheckVisit;
  /** Makes ICE servers with credentials that live for minutes and reach nobody but whoever holds them. */
  readonly issue: (visit: CheckVisit) => IceGrant;
  readonly isOriginAllowed: (origin: string | undefined, host: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Answers a request for `CHECK_PATH`, and says whether it was one. */
export type CheckHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

function isOwnMachine(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Makes the handler. */
export function createCheckHandler(options: CheckHandlerOptions): CheckHandler {
  const limiter = createVisitLimiter(rate);

  return (request, response) => {
    if (pathOf(request) !== CHECK_PATH || !isRead(request)) return false;
    const { origin } = request.headers;
    const visit = options.readVisit(request);
    response.setHeader('Vary', 'Origin');
    response.setHeader('Cache-Control', 'no-store');
    if (!options.isOriginAllowed(origin, visit.host)) {
      answerText(response, 403, 'This page may not ask.');
      return true;
    }
    if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
    // Who is at the machine itself can have all its secrets anyway.
    if (!isOwnMachine(visit.remoteAddress) && !limiter.allow(visit.remoteAddress, options.now())) {
      answerText(response, 429, 'Too often. Try again in half a minute.', {
        'Retry-After': String(rate.secondsPerVisit),
      });
      return true;
    }
    const body = JSON.stringify({ ...options.issue(visit), nowMs: options.now() });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(body);
    return true;
  };
}
