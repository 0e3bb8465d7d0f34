import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from '../http/request-facts.ts';
import { challengePathPrefix } from './challenge-responses.ts';

/**
 * Answers a certificate authority that looks whether a name is ours (RFC 8555 §8.3). Returns false for what is none of its
 * requests, and then has done nothing.
 *
 * @param answers those of challenges under way, by path.
 */
export function answerHttpChallenge(
  answers: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const path = pathOf(request);
  if (request.method !== 'GET' || !path.startsWith(challengePathPrefix)) return false;
  const answer = answers.get(path);
  // What the authority compares ends without a line break of ours.
  response.writeHead(answer === undefined ? 404 : 200, {
    'Content-Type': answer === undefined ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(answer ?? 'No such challenge is under way.\n');
  return true;
}
