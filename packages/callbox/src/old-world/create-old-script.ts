import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Logger } from '@callbox/turn';
import { answerText } from '../http/answer-text.ts';
import { isRead, pathOf } from '../http/request-facts.ts';
import { answerFile, createStaticFile, type StaticFile } from '../http/static-file.ts';

const scriptPath = '/simplewebrtc.js';

async function readScript(): Promise<StaticFile> {
  const file = createRequire(import.meta.url).resolve('@callbox/compat/simplewebrtc.js');
  return createStaticFile(scriptPath, await readFile(file));
}

/**
 * Makes what serves the script by which old pages get our client: to pages of any origin, for who may connect is decided
 * when they do.
 *
 * @returns whether the request was for it.
 */
export function createOldScript(
  logger: Logger,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  let script: Promise<StaticFile> | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const file = await (script ??= readScript());
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      response.setHeader('X-Content-Type-Options', 'nosniff');
      await answerFile(file, request, response);
    } catch (error) {
      // It may be built by the next time.
      script = undefined;
      logger.warn('the script for old pages is not there', { error });
      answerText(response, 404, 'The script is not built yet; npm run build builds it.');
    }
  }

  return (request, response) => {
    if (pathOf(request) !== scriptPath || !isRead(request)) return false;
    void answer(request, response);
    return true;
  };
}
