import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Approach } from '@callbox/signaling';
import { join, relative, sep } from 'node:path';
import { isOwnMachine, parseHost, toOrigin } from '../network/host.ts';
import { answerText } from './answer-text.ts';
import { isNavigation, isRead, pathOf } from './request-facts.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { answerFile, createStaticFile, type StaticFile } from './static-file.ts';

export interface PageHandlerOptions {
  /** Directory of the built pages. */
  readonly directory: string;
  /** Where signaling is, if it is not ours. */
  readonly signalingUrl: string | undefined;
  /**
   * Name or address by which others reach these pages. A page that is loaded as `localhost` is told, for a link to that
   * would be of no use to anybody else. Undefined where nobody else can.
   */
  readonly findInviteHost: () => string | undefined;
  /** The path under which everything is served; begins and ends with a slash. */
  readonly basePath: string;
  /** Tells who sent a request and by which way. */
  readonly readApproach: (request: IncomingMessage) => Approach;
  /** Whether whoever comes by this name or address is warned of our certificate, and may install what vouches for it. */
  readonly offersAuthorityFor?: (name: string) => boolean;
  /** Whether browsers trust our certificate for this name. */
  readonly isTrustedFor: (name: string) => boolean;
}

/** Answers a request for a page or a file; for anything else with 404. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** All pages are the one page of the application: what a room's name is worth is the application's to say. */
const applicationPath = /^\/(?:r\/[^/]+\/?|check\/?)?$/;
const indexPath = '/index.html';

function renderNotFound(basePath: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Not found</title>
  <h1>There is nothing here.</h1>
  <p><a href="${basePath}">Start a call</a></p>
</html>
`;
}

/** Tells the page something that only the server knows. */
function addMeta(html: Buffer, name: string, content: string | undefined): Buffer {
  if (content === undefined) return html;
  return Buffer.from(html.toString().replace('<head>', `<head><meta name="${name}" content="${content}" />`));
}

/** Tells the page under which path it is served: all that it loads is relative to that. */
function setBase(html: Buffer, basePath: string): Buffer {
  return Buffer.from(html.toString().replace('<base href="/" />', `<base href="${basePath}" />`));
}

/** Reads all files, by the paths of their URLs. */
function loadFiles({
  directory,
  signalingUrl,
  basePath,
}: PageHandlerOptions): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    const body = readFileSync(file);
    const told =
      path === indexPath ? addMeta(setBase(body, basePath), 'callbox-signaling-url', signalingUrl) : body;
    files.set(path, createStaticFile(path, told));
  }
  return files;
}

function answerNotFound(response: ServerResponse, basePath: string): void {
  const notFoundBody = renderNotFound(basePath);
  response.writeHead(404, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(notFoundBody),
    'Cache-Control': 'no-cache',
  });
  response.end(notFoundBody);
}

/** Serves the built pages from memory. Reads the directory once: what changes there is served after a restart. */
export function createPageHandler(options: PageHandlerOptions): PageHandler {
  const { basePath, signalingUrl } = options;
  const files = loadFiles(options);
  const indexes = new Map<string, StaticFile>();

  /** The page with what a browser is to be told, made on first use. */
  function indexWith(
    index: StaticFile,
    told: readonly (readonly [name: string, content: string])[],
  ): StaticFile {
    if (told.length === 0) return index;
    const key = JSON.stringify(told);
    const html = told.reduce((body, [name, content]) => addMeta(body, name, content), index.body);
    const made = indexes.get(key) ?? createStaticFile(indexPath, html);
    indexes.set(key, made);
    return made;
  }

  function findApplication(
    request: IncomingMessage,
    { host, secure, isProxied }: Approach,
  ): StaticFile | undefined {
    const index = files.get(indexPath);
    const parsed = parseHost(host);
    if (index === undefined || parsed === undefined || isProxied) return index;
    if (isOwnMachine(parsed)) {
      const inviteHost = options.findInviteHost();
      const port = request.socket.localPort ?? 0;
      return inviteHost === undefined
        ? index
        : indexWith(index, [['callbox-invite-origin', toOrigin('https', inviteHost, port)]]);
    }
    return secure && options.offersAuthorityFor?.(parsed.name) === true
      ? indexWith(index, [['callbox-authority', 'ca']])
      : index;
  }

  return (request, response) => {
    const approach = options.readApproach(request);
    const { host, secure, isProxied } = approach;
    const name = parseHost(host)?.name;
    const headers = createSecurityHeaders({
      host,
      secure,
      signalingUrl,
      // Whoever ends the encryption decides for how long there shall be some.
      isTrusted: !isProxied && name !== undefined && isIP(name) === 0 && options.isTrustedFor(name),
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!isRead(request)) {
      answerText(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
      return;
    }
    const path = pathOf(request);
    const isApplication = applicationPath.test(path);
    const file = isApplication ? findApplication(request, approach) : files.get(path);
    if (file !== undefined) {
      void answerFile(file, request, response);
      return;
    }
    // A person hears of it from the application: in their language and colours.
    const standIn = isNavigation(request) ? findApplication(request, approach) : undefined;
    if (standIn === undefined) answerNotFound(response, basePath);
    else void answerFile(standIn, request, response, 404);
  };
}
