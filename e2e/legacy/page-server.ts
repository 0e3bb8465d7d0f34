import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
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
  const answer: RequestListener = (request, response) => {
    const name = new URL(request.url ?? '/', 'http://here').pathname.slice(1);
    const script = scripts[name.replace(/\.js$/, '')];
    if (script === undefined) return void response.writeHead(404).end();
    if (name.endsWith('.js')) {
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      return void response.end('text' in script ? script.text : '');
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return void response.end(page.replaceAll('SCRIPT', 'url' in script ? script.url : `/${name}.js`));
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
