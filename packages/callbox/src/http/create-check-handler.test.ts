import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchRaw, type RawResponse } from '../testing/fetch-raw.ts';
import { CHECK_PATH, createCheckHandler, type CheckVisit } from './create-check-handler.ts';
import { createOriginCheck } from './create-origin-check.ts';

const grant = { iceServers: [{ urls: ['turn:h:1'], username: 'u', credential: 'c' }], lifetimeSeconds: 600 };

let server: Server;
let visitor: string;
let nowMs: number;
const visits: CheckVisit[] = [];

beforeEach(async () => {
  visitor = '192.0.2.9';
  nowMs = 1_000_000;
  visits.length = 0;
  const handle = createCheckHandler({
    readVisit: (request) => ({
      remoteAddress: visitor,
      host: request.headers.host ?? '',
      secure: false,
      isProxied: false,
    }),
    issue: (visit) => {
      visits.push(visit);
      return grant;
    },
    isOriginAllowed: createOriginCheck(['https://friend.example']),
    now: () => nowMs,
  });
  server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

function get(options: { readonly path?: string; readonly method?: string; readonly origin?: string } = {}) {
  const { path = CHECK_PATH, method = 'GET', origin } = options;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return fetchRaw({
    port,
    path,
    method,
    host: 'calls.example',
    ...(origin === undefined ? {} : { headers: { Origin: origin } }),
  });
}

async function statuses(count: number): Promise<readonly number[]> {
  const answers: RawResponse[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await get());
  return answers.map(({ status }) => status);
}

test('whoever asks gets ICE servers made for them, and the server’s time', async () => {
  const { status, headers, body } = await get();
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ ...grant, nowMs });
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
  expect(visits).toEqual([
    { remoteAddress: '192.0.2.9', host: 'calls.example', secure: false, isProxied: false },
  ]);
});

test('nothing else is answered', async () => {
  expect((await get({ path: '/check' })).status).toBe(404);
  expect((await get({ method: 'POST' })).status).toBe(404);
});

test('our own pages and those that were allowed may read it, strangers may not', async () => {
  const allowed = await get({ origin: 'https://friend.example' });
  expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
    200,
    'https://friend.example',
  ]);
  expect((await get({ origin: 'https://calls.example' })).status).toBe(200);
  const stranger = await get({ origin: 'https://stranger.example' });
  expect([stranger.status, stranger.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  expect(visits).toHaveLength(2);
});

test('an address that asks too often waits half a minute, others do not', async () => {
  expect(await statuses(7)).toEqual([200, 200, 200, 200, 200, 200, 429]);
  expect((await get()).headers['retry-after']).toBe('30');
  visitor = '192.0.2.10';
  expect(await statuses(1)).toEqual([200]);
  visitor = '192.0.2.9';
  nowMs += 30_000;
  expect(await statuses(2)).toEqual([200, 429]);
});

test('the machine itself is never made to wait', async () => {
  visitor = '127.0.0.1';
  expect(new Set(await statuses(10))).toEqual(new Set([200]));
});
