import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { answerText } from './answer-text.ts';
import { isRead, isSecure, pathOf } from './request-facts.ts';
import { createSecurityHeaders } from './security-headers.ts';

export interface PageHandlerOptions {
  /** Directory of the built pages. */
  readonly directory: string;
  /** Origin of signaling, if it is not ours. */
  readonly signalingUrl: string | undefined;
}

/** Answers a request for a page or a file; for anything else with 404. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

interface Page {
  readonly body: Buffer;
  readonly etag: string;
}

/** A room's page is the one page of the application: what its name is worth is the application's to say. */
const applicationPath = /^\/(?:index\.html|r\/[^/]+)?$/;
/** Files with a hash of their content in the name: what they are never changes. */
const hashedPath = /^\/assets\//;

const notFoundBody = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Not found</title>
  <h1>There is nothing here.</h1>
  <p><a href="/">Start a call</a></p>
</html>
`;

function readPage(options: PageHandlerOptions): Page {
  const html = readFileSync(join(options.directory, 'index.html'), 'utf8');
  const meta =
    options.signalingUrl === undefined
      ? ''
      : `<meta name="callbox-signaling-url" content="${options.signalingUrl}" />`;
  const body = Buffer.from(html.replace('<head>', () => `<head>${meta}`));
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

function answerPage(page: Page, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('ETag', page.etag);
  if (request.headers['if-none-match'] === page.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': page.body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(notFoundBody),
    'Cache-Control': 'no-cache',
  });
  response.end(notFoundBody);
}

/** Serves the built pages. Reads the directory once: what changes there is served after a restart. */
export function createPageHandler(options: PageHandlerOptions): PageHandler {
  const page = readPage(options);
  const serveFile = sirv(options.directory, {
    etag: true,
    setHeaders: (response, path) => {
      const isHashed = hashedPath.test(path);
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  return (request, response) => {
    const headers = createSecurityHeaders({
      host: request.headers.host ?? '',
      secure: isSecure(request),
      signalingUrl: options.signalingUrl,
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!isRead(request)) {
      answerText(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
      return;
    }
    if (applicationPath.test(pathOf(request))) {
      answerPage(page, request, response);
      return;
    }
    // Parts of files are of no use here, and a range the wrong way round makes the file's reader throw.
    delete request.headers.range;
    serveFile(request, response, () => answerNotFound(response));
  };
}
