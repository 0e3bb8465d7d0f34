import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { KeyPair } from '../port/port-splitter.ts';
import { fetchRaw, type RawResponse } from '../testing/fetch-raw.ts';
import { listCertificateNames } from './certificate-names.ts';
import { createAuthorityHandler, fingerprintOf } from './create-authority-handler.ts';
import { createLocalAuthority, issueCertificate } from './create-local-authority.ts';

const names = listCertificateNames({ network: ['192.168.1.5', '2001:db8::5'] }, [], 'box');
let authority: KeyPair;
let certificate: KeyPair;
beforeAll(async () => {
  authority = await createLocalAuthority(names, Date.now());
  certificate = await issueCertificate(authority, names, Date.now());
});

async function ask(
  path: string,
  headers: Record<string, string> = {},
  hasAuthority = true,
): Promise<RawResponse> {
  const handle = createAuthorityHandler({
    find: () => (hasAuthority ? { authority: authority.cert, keyPair: certificate } : undefined),
    readApproach: ({ headers: { host = '' } }) => ({
      remoteAddress: '',
      host,
      secure: false,
      isProxied: false,
    }),
  });
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return fetchRaw({ port: (server.address() as AddressInfo).port, path, headers });
}

test('the page says for whom the authority can vouch, and its fingerprint', async () => {
  const { status, headers, body } = await ask('/ca');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  for (const name of ['box', 'box.local', '192.168.1.5', '2001:db8::5'])
    expect(body).toContain(`<li>${name}</li>`);
  expect(body.replaceAll('<wbr>', '')).toContain(fingerprintOf(authority.cert));
  expect(fingerprintOf(authority.cert)).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test('the page runs no script, and its style is the only one that is allowed', async () => {
  const { headers, body } = await ask('/ca');
  expect(body).not.toMatch(/<script|\son[a-z]+=|\sstyle=/i);
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; img-src 'self'; style-src 'sha256-[\w+/]+='; base/,
  );
});

test('the page leads to its neighbours under whatever path it is served', async () => {
  const { body } = await ask('/ca');
  const links = [...body.matchAll(/href="(?<href>[^"]+)"/g)].map(({ groups }) => groups?.['href'] ?? '');
  expect(links.map((href) => new URL(href, 'https://box/calls/ca').pathname).toSorted()).toEqual([
    '/calls/',
    '/calls/ca',
    '/calls/ca.crt',
    '/calls/favicon.svg',
  ]);
});

test.each([
  ['/ca', 'en-GB,zh;q=0.5', 'en'],
  ['/ca', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
  ['/ca', 'fr', 'en'],
  ['/ca?language=zh', 'en', 'zh-Hans'],
  ['/ca?language=en', 'zh', 'en'],
])('%s asked in "%s" is answered in %s', async (path, language, tag) => {
  expect((await ask(path, { 'Accept-Language': language })).body).toContain(`<html lang="${tag}">`);
});

test('the file is the certificate in the form that telephones install', async () => {
  const { headers, octets } = await ask('/ca.crt');
  expect(headers['content-type']).toBe('application/x-x509-ca-cert');
  expect(new X509Certificate(octets).fingerprint256).toBe(fingerprintOf(authority.cert));
});

test('there is neither while the server’s certificate comes from elsewhere', async () => {
  expect((await ask('/ca', {}, false)).status).toBe(404);
  expect((await ask('/ca.crt', {}, false)).status).toBe(404);
  expect((await ask('/cat')).status).toBe(404);
});
