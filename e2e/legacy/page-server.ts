import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { extname, join } from 'node:path';
import { findFreePort } from '../program/free-port.ts';
import type { CertifiedKey } from '../program/test-authority.ts';

/** A server of pages that has nothing to do with Callbox. */
export interface PageServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the old page at `/NAME` for each script: by its text, which is then at `/NAME.js`, or by an address elsewhere.
 *
 * @param certificate to serve by https. Without it: by http.
 */
export async function servePages(
  scripts: Readonly<Record<string, { readonly text: string } | { readonly url: string }>>,
  certificate?: CertifiedKey,
): Promise<PageServer> {
  const page = await readFile(join(import.meta.dirname, 'old-page.html'), 'utf8');
  const files = Object.entries(scripts).flatMap(([name, script]): [string, string][] =>
    'url' in script
      ? [[`/${name}`, page.replaceAll('SCRIPT', script.url)]]
      : [
          [`/${name}`, page.replaceAll('SCRIPT', `/${name}.js`)],
          [`/${name}.js`, script.text],
        ],
  );
  return serveFiles(Object.fromEntries(files), certificate);
}

/**
 * Serves texts by their paths: scripts where the path ends in `.js`, pages elsewhere.
 *
 * @param certificate to serve by https. Without it: by http.
 */
export async function serveFiles(
  files: Readonly<Record<string, string>>,
  certificate?: CertifiedKey,
): Promise<PageServer> {
  const answer: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://here');
    const text = files[pathname];
    if (text === undefined) return void response.writeHead(404).end();
    const type = extname(pathname) === '.js' ? 'text/javascript' : 'text/html';
    response.setHeader('content-type', `${type}; charset=utf-8`);
    return void response.end(text);
  };
  const server = certificate === undefined ? createServer(answer) : createSecureServer(certificate, answer);
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
