import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, sep } from 'node:path';
import { answerText } from './answer-text.ts';
import { isRead, isSecure, pathOf } from './request-facts.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { answerFile, createStaticFile, type StaticFile } from './static-file.ts';

export interface PageHandlerOptions {
  /** Directory of the built pages. */
  readonly directory: string;
  /** Origin of signaling, if it is not ours. */
  readonly signalingUrl: string | undefined;
}

/** Answers a request for a page or a file; for anything else with 404. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A room's page is the one page of the application: what its name is worth is the application's to say. */
const applicationPath = /^\/(?:r\/[^/]+)?$/;
const indexPath = '/index.html';

const notFoundBody = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Not found</title>
  <h1>There is nothing here.</h1>
  <p><a href="/">Start a call</a></p>
</html>
`;

function tellSignalingUrl(html: Buffer, signalingUrl: string): Buffer {
  const meta = `<meta name="callbox-signaling-url" content="${signalingUrl}" />`;
  return Buffer.from(html.toString().replace('<head>', `<head>${meta}`));
}

/** Reads all files, by the paths of their URLs. */
function loadFiles({ directory, signalingUrl }: PageHandlerOptions): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    const body = readFileSync(file);
    const isToldSignaling = path === indexPath && signalingUrl !== undefined;
    files.set(path, createStaticFile(path, isToldSignaling ? tellSignalingUrl(body, signalingUrl) : body));
  }
  return files;
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(notFoundBody),
    'Cache-Control': 'no-cache',
  });
  response.end(notFoundBody);
}

/** Serves the built pages from memory. Reads the directory once: what changes there is served after a restart. */
export function createPageHandler(options: PageHandlerOptions): PageHandler {
  const files = loadFiles(options);

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
    const path = pathOf(request);
    const file = files.get(applicationPath.test(path) ? indexPath : path);
    if (file === undefined) answerNotFound(response);
    else void answerFile(file, request, response);
  };
}
