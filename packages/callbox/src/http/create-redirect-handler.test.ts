import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fetchRaw, type RawRequest, type RawResponse } from '../testing/fetch-raw.ts';
import { createRedirectHandler } from './create-redirect-handler.ts';

async function ask(request: Partial<RawRequest>, pagePort = 443): Promise<RawResponse> {
  const server = createServer(createRedirectHandler(pagePort)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return fetchRaw({ port, host: 'calls.example', headers: { Accept: 'text/html' }, ...request });
}

test.each([
  ['calls.example', '/r/standup?x=1', 443, 'https://calls.example/r/standup?x=1'],
  ['calls.example:80', '/', 443, 'https://calls.example/'],
  ['calls.example:8081', '/', 8443, 'https://calls.example:8443/'],
  ['[2001:db8::1]:80', '/', 443, 'https://[2001:db8::1]/'],
])('a person who comes to %s%s is led on', async (host, path, pagePort, location) => {
  const { status, headers } = await ask({ host, path }, pagePort);
  expect([status, headers.location]).toEqual([307, location]);
});

test.each<[string, Partial<RawRequest>]>([
  ['a program', { headers: { Accept: '*/*' } }],
  ['a script', { headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'cors' } }],
  ['a client of sockets', { path: '/socket.io/?EIO=4&transport=polling' }],
  ['a client of sockets, under a path', { path: '/calls/signaling/?EIO=4&transport=polling' }],
  ['who sends something', { method: 'POST' }],
])('%s is not led anywhere', async (_who, request) => {
  const { status, headers } = await ask(request);
  expect(status).toBe(403);
  expect(headers).not.toHaveProperty('location');
});
