import type { IncomingMessage } from 'node:http';
import type { Approach } from '@callbox/signaling';
import type { Config } from './config/config.ts';
import { createPageHandler, type PageHandler } from './http/create-page-handler.ts';
import { findPageDirectory } from './http/find-page-directory.ts';
import { listHosts } from './list-hosts.ts';
import { StartError } from './start-error.ts';
import type { Surroundings } from './surroundings.ts';

export interface PagesOptions {
  readonly config: Config;
  readonly surroundings: Surroundings;
  /** Found by itself where it is undefined. */
  readonly directory: string | undefined;
  readonly readApproach: (request: IncomingMessage) => Approach;
}

/** Makes what serves the pages. Throws a `StartError` where they are not built. */
export function createPages({ config, surroundings, readApproach, ...options }: PagesOptions): PageHandler {
  const { certificate } = surroundings;
  const directory = options.directory ?? findPageDirectory();
  if (directory === undefined) throw new StartError('the pages are not built yet; npm run build builds them');
  return createPageHandler({
    directory,
    signalingUrl: config.signalingUrl,
    // Behind a proxy only that knows where others come in.
    findInviteHost: () => (config.httpOnly ? undefined : listHosts(config, surroundings)[0]),
    basePath: config.basePath,
    readApproach,
    offersAuthorityFor: (name) => certificate?.findLocal(name) !== undefined,
    isTrustedFor: (name) => certificate?.isPubliclyTrustedFor(name) === true,
  });
}
