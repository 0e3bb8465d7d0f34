import type { IncomingMessage, ServerResponse } from 'node:http';
import { seatTokenSchema } from '@callbox/contract';
import * as v from 'valibot';
import { refuseRequest } from './http-door.ts';

const farewellSchema = v.object({
  room: v.string(),
  token: seatTokenSchema,
  mayReturn: v.exactOptional(v.boolean(), false),
});
const mostBytes = 1_024;
/** A page that goes away has sent its few bytes at once. */
const mostMs = 5_000;

/**
 * Reads the last word of a page: the text `{"room": "...", "token": "..."}`, with `mayReturn` if it has one, as `navigator.sendBeacon` sends it. The answer
 * does not depend on whether there was such a seat.
 */
export function takeFarewell(
  request: IncomingMessage,
  response: ServerResponse,
  leave: (room: string, token: string, mayReturn: boolean) => void,
): void {
  if (request.method !== 'POST') return refuseRequest(response, 405, 'a farewell is a POST');
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), mostMs).unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    else if (!response.headersSent) refuseRequest(response, 413, 'a farewell is short');
  });
  request.on('error', () => {});
  request.on('close', () => clearTimeout(timer));
  request.on('end', () => {
    if (response.headersSent) return;
    const farewell = readFarewell(Buffer.concat(chunks).toString('utf8'));
    if (farewell === null) return refuseRequest(response, 400, 'a farewell names a room and a token');
    leave(farewell.room, farewell.token, farewell.mayReturn);
    response.writeHead(204).end();
  });
}

function readFarewell(text: string): v.InferOutput<typeof farewellSchema> | null {
  try {
    const parsed = v.safeParse(farewellSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
