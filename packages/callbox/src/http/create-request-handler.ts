import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Approach, SignalingServer } from '@callbox/signaling';
import type { ExtensionDoor } from '../extension.ts';
import { isOwnMachine, parseHost } from '../network/host.ts';
import type { Readiness } from '../turn/create-readiness.ts';
import { answerText } from './answer-text.ts';
import type { CheckHandler } from './create-check-handler.ts';
import type { PageHandler } from './create-page-handler.ts';
import { enterBasePath } from './enter-base-path.ts';
import { isForSockets, isNavigation, isRead, pathOf } from './request-facts.ts';

export interface RequestHandlerOptions {
  /** Undefined where signaling does not run here. */
  readonly signaling: Pick<SignalingServer, 'handleRequest'> | undefined;
  /** Asked after signaling and before the pages. */
  readonly extensions?: readonly Pick<ExtensionDoor, 'handleRequest'>[];
  /** Serves our own authority, also without encryption; false for what is no request for that. */
  readonly serveAuthority?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Undefined where signaling does not run here. */
  readonly serveCheck?: CheckHandler | undefined;
  /** Undefined on a port without pages. */
  readonly servePage: PageHandler | undefined;
  /** Tells who sent a request and by which way. */
  readonly readApproach: (request: IncomingMessage) => Approach;
  /** The path under which everything is served; begins and ends with a slash. */
  readonly basePath: string;
  /** Somebody else sees to encryption: nobody is led to HTTPS. */
  readonly isHttpOnly: boolean;
  /** What `/healthz` tells; it answers 503 while this is undefined. */
  readonly health: () => Readonly<Record<string, unknown>> | undefined;
  /** Whether guests can be served, for `/readyz`. */
  readonly readiness: () => Promise<Readiness>;
}

function answerJson(
  response: ServerResponse,
  status: 200 | 503,
  value: Readonly<Record<string, unknown>>,
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
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
function answerUnencrypted(request: IncomingMessage, response: ServerResponse, target: string): void {
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
  const { basePath, readApproach, isHttpOnly } = options;

  function answerOutside(request: IncomingMessage, response: ServerResponse): void {
    const isBase = `${pathOf(request)}/` === basePath;
    if (isBase && options.servePage !== undefined && isRead(request) && isNavigation(request)) {
      answerText(response, 307, `This page is at ${basePath}`, { Location: basePath });
    } else {
      answerText(response, 404, 'There is nothing here.');
    }
  }

  return (request, response) => {
    const url = request.url ?? '/';
    const isOurs = enterBasePath(request, basePath);
    const path = pathOf(request);
    // Also beside the path under which all else is: whoever watches over the process need not know that.
    if (path === '/healthz' && isRead(request)) {
      const health = options.health();
      answerJson(response, health === undefined ? 503 : 200, health ?? { status: 'starting' });
      return;
    }
    if (path === '/readyz' && isRead(request)) {
      void options
        .readiness()
        .then(({ isReady, report }) => answerJson(response, isReady ? 200 : 503, report));
      return;
    }
    if (!isOurs) {
      answerOutside(request, response);
      return;
    }
    if (options.serveAuthority?.(request, response) === true) return;
    if (options.serveCheck?.(request, response) === true) return;
    if (options.signaling?.handleRequest(request, response) === true) return;
    if (options.extensions?.some((extension) => extension.handleRequest(request, response)) === true) return;
    if (options.servePage === undefined || isForSockets(path)) {
      answerText(response, 404, 'There is nothing here.');
      return;
    }
    const approach = readApproach(request);
    const host = parseHost(approach.host);
    if (host === undefined) {
      answerText(response, 400, 'The Host header is missing or malformed.');
    } else if (approach.secure || isHttpOnly || isOwnMachine(host)) {
      options.servePage(request, response);
    } else {
      answerUnencrypted(request, response, `https://${approach.host}${url}`);
    }
  };
}
