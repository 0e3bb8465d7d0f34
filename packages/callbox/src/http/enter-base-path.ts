import type { IncomingMessage } from 'node:http';

/**
 * Takes the path under which everything is served off a request's address, so that nobody behind knows of it.
 *
 * @returns whether the request is for something under that path; if not, it is left as it was.
 */
export function enterBasePath(request: IncomingMessage, basePath: string): boolean {
  if (request.url?.startsWith(basePath) !== true) return false;
  request.url = request.url.slice(basePath.length - 1);
  return true;
}
