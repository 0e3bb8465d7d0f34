import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, sep } from 'node:path';
import { isOwnMachine, toUrlHost } from '../network/host.ts';
import { answerText } from './answer-text.ts';
import { hostOf, isRead, isSecure, pathOf } from './request-facts.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { answerFile, createStaticFile, type StaticFile } from './static-file.ts';

export interface PageHandlerOptions {
  /** Directory of the built pages. */
  readonly directory: string;
  /** Origin of signaling, if it is not ours. */
  readonly signalingUrl: string | undefined;
  /**
   * Name or address by which others reach these pages. A page that is loaded as `localhost` is told, for a link to that
   * would be of no use to anybody else. Undefined where nobody else can.
   */
  readonly inviteHost: string | undefined;
}

/** Answers a request for a page or a file; for anything else with 404. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** All pages are the one page of the application: what a room's name is worth is the application's to say. */
const applicationPath = /^\/(?:r\/[^/]+|check)?$/;
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

/** Tells the page something that only the server knows. */
function addMeta(html: Buffer, name: string, content: string | undefined): Buffer {
  if (content === undefined) return html;
  return Buffer.from(html.toString().replace('<head>', `<head><meta name="${name}" content="${content}" />`));
}

/** Reads all files, by the paths of their URLs. */
function loadFiles({ directory, signalingUrl }: PageHandlerOptions): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    const body = readFileSync(file);
    const told = path === indexPath ? addMeta(body, 'callbox-signaling-url', signalingUrl) : body;
    files.set(path, createStaticFile(path, told));
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
  const localIndexes = new Map<number, StaticFile>();

  /** The page for a browser on this very machine, made on first use. */
  function indexForOwnMachine(index: StaticFile, port: number): StaticFile {
    const { inviteHost } = options;
    if (inviteHost === undefined) return index;
    const origin = `https://${toUrlHost(inviteHost)}:${port}`;
    const made =
      localIndexes.get(port) ??
      createStaticFile(indexPath, addMeta(index.body, 'callbox-invite-origin', origin));
    localIndexes.set(port, made);
    return made;
  }

  function find(path: string, request: IncomingMessage): StaticFile | undefined {
    if (!applicationPath.test(path)) return files.get(path);
    const index = files.get(indexPath);
    const host = hostOf(request);
    if (index === undefined || host === undefined || !isOwnMachine(host)) return index;
    return indexForOwnMachine(index, request.socket.localPort ?? 0);
  }

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
    const file = find(pathOf(request), request);
    if (file === undefined) answerNotFound(response);
    else void answerFile(file, request, response);
  };
}
