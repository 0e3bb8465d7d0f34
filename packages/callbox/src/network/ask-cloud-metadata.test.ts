import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askCloudMetadata } from './ask-cloud-metadata.ts';

/** A cloud that answers what `answer` returns, and 404 otherwise. */
async function startCloud(answer: (request: IncomingMessage) => string | undefined): Promise<string> {
  const server = createServer((request, response) => {
    const text = answer(request);
    response.writeHead(text === undefined ? 404 : 200).end(text ?? '<html>not here</html>');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  [
    'Amazon, which wants a token',
    ({ method, url, headers }: IncomingMessage) => {
      if (method === 'PUT' && url === '/latest/api/token') return 'a token';
      const isShown = headers['x-aws-ec2-metadata-token'] === 'a token';
      return url === '/latest/meta-data/public-ipv4' && isShown ? '5.5.5.5\n' : undefined;
    },
  ],
  [
    'a cloud that answers like Amazon, without a token',
    ({ method, url }: IncomingMessage) =>
      method === 'GET' && url === '/latest/meta-data/public-ipv4' ? '5.5.5.5' : undefined,
  ],
  [
    'Google',
    ({ url, headers }: IncomingMessage) =>
      url?.endsWith('/external-ip') === true && headers['metadata-flavor'] === 'Google'
        ? '5.5.5.5'
        : undefined,
  ],
  [
    'Azure',
    ({ url, headers }: IncomingMessage) =>
      url?.includes('/publicIpAddress?') === true && headers['metadata'] === 'true' ? '5.5.5.5' : undefined,
  ],
  ['Hetzner', ({ url }: IncomingMessage) => (url?.startsWith('/hetzner/') === true ? '5.5.5.5' : undefined)],
])('%s tells the public address', async (_cloud, answer) => {
  expect(await askCloudMetadata(await startCloud(answer))).toEqual(['5.5.5.5']);
});

test.each([
  ['an answer that is no address', () => 'no public address'],
  ['no answer', () => undefined],
])('%s is none', async (_what, answer) => {
  expect(await askCloudMetadata(await startCloud(answer))).toEqual([]);
});

test('where nobody listens there is none', async () => {
  expect(await askCloudMetadata('http://127.0.0.1:9')).toEqual([]);
});
