import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createPortSplitter, type KeyPair, type PortSplitter } from '../port/port-splitter.ts';
import { fetchRaw, type RawRequest, type RawResponse } from '../testing/fetch-raw.ts';
import { createPageHandler } from './create-page-handler.ts';
import { createRequestHandler, type RequestHandlerOptions } from './create-request-handler.ts';
import { createUpgradeHandler } from './create-upgrade-handler.ts';

const html = '<!doctype html><html><head><title>Callbox</title></head><body></body></html>';
const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const largePath = '/assets/large-Cd34.js';
const largeBody = 'call();\n'.repeat(2_000);
const noRequests: RequestHandlerOptions['signaling'] = { handleRequest: () => false };
/** Stands for signaling: answers what is under its path. */
const signaling: RequestHandlerOptions['signaling'] = {
  handleRequest(request, response) {
    if (request.url?.startsWith('/signaling/') !== true) return false;
    response.end('from signaling');
    return true;
  },
};

let directory: string;
let keyPair: KeyPair;
let splitter: PortSplitter;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callbox-pages-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), html);
  await writeFile(join(directory, 'assets/main-Ab12.js'), 'start();');
  await writeFile(join(directory, largePath), largeBody);
  await writeFile(join(directory, 'favicon.svg'), '<svg/>');
  keyPair = await createSelfSigned({ names: ['localhost'], addresses: [] }, Date.now());
});
afterAll(() => rm(directory, { recursive: true }));

async function serve(
  options: Partial<RequestHandlerOptions> = {},
  signalingUrl?: string,
  inviteHost?: string,
): Promise<void> {
  splitter = createPortSplitter({
    onRequest: createRequestHandler({
      signaling,
      servePage: createPageHandler({ directory, signalingUrl, inviteHost }),
      health: () => ({ status: 'ok' }),
      ...options,
    }),
    onUpgrade: createUpgradeHandler(undefined),
    onTurn: undefined,
    keyPair,
  });
  await splitter.listen(0, '127.0.0.1');
}

beforeEach(() => serve());
afterEach(() => splitter.stop());

async function serveAnew(...parameters: Parameters<typeof serve>): Promise<void> {
  await splitter.stop();
  await serve(...parameters);
}

function get(path: string, options: Partial<RawRequest> = {}): Promise<RawResponse> {
  return fetchRaw({ port: splitter.port, path, ...options });
}

describe('pages', () => {
  test.each([
    '/',
    '/?x=1',
    '/index.html',
    '/check',
    '/r/standup',
    '/r/%E5%AE%B6',
    '/r/standup?transport=relay',
  ])('%s is the application', async (path) => {
    const { status, headers, body } = await get(path);
    expect([status, body]).toEqual([200, html]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-length': String(html.length),
    });
  });

  test.each([
    '/nothing',
    '/r/',
    '/r/a/b',
    '/assets/',
    '/assets/old.js',
    '/../../etc/passwd',
    '/%2e%2e/%00',
    '/r',
  ])('%s is a small page that says so', async (path) => {
    const { status, headers, body } = await get(path);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('There is nothing here.');
  });

  test.each(['localhost', '127.0.0.1', '[::1]'])(
    'a page loaded as %s is told the address that others can open',
    async (name) => {
      await serveAnew({}, undefined, '2001:db8::2');
      const { body } = await get('/r/standup', { headers: { Host: `${name}:${splitter.port}` } });
      expect(body).toContain(
        `<meta name="callbox-invite-origin" content="https://[2001:db8::2]:${splitter.port}" />`,
      );
    },
  );

  test('a page loaded by the name that others use needs no other', async () => {
    await serveAnew({}, undefined, '192.0.2.2');
    const { body } = await get('/', { secure: true, headers: { Host: '192.0.2.2' } });
    expect(body).toBe(html);
  });

  test('files with a hash in their name are kept for ever, others are asked for again', async () => {
    const hashed = await get('/assets/main-Ab12.js');
    const plain = await get('/favicon.svg');
    expect(hashed.body).toBe('start();');
    expect(hashed.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    expect(plain.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
  });

  test.each(['/', '/favicon.svg'])('%s is not sent again to a browser that has it', async (path) => {
    const { headers } = await get(path);
    const second = await get(path, { headers: { 'If-None-Match': String(headers.etag) } });
    expect([second.status, second.body]).toEqual([304, '']);
  });

  test('HEAD gets the headers alone', async () => {
    const { status, headers, body } = await get('/', { method: 'HEAD' });
    expect([status, headers['content-length'], body]).toEqual([200, String(html.length), '']);
  });

  test.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
  ])('a browser that accepts %s gets large files in %s', async (accepted, encoding, decompress) => {
    const { headers, octets } = await get(largePath, { headers: { 'Accept-Encoding': accepted } });
    expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
    expect(octets.length).toBe(Number(headers['content-length']));
    expect(octets.length).toBeLessThan(largeBody.length / 10);
    expect(decompress(octets).toString()).toBe(largeBody);
  });

  test.each([
    ['no encoding is accepted', largePath, {}, largeBody],
    ['the only one accepted is unknown', largePath, { 'Accept-Encoding': 'zstd' }, largeBody],
    ['the file is small', '/favicon.svg', { 'Accept-Encoding': 'br' }, '<svg/>'],
  ])('files come as they are where %s', async (_where, path, headers, body) => {
    const response = await get(path, { headers });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(response.body).toBe(body);
  });

  test('files are served although the build that is running has been replaced', async () => {
    const other = await mkdtemp(join(tmpdir(), 'callbox-pages-'));
    await writeFile(join(other, 'index.html'), html);
    await writeFile(join(other, 'icon.svg'), '<svg id="old"/>');
    await serveAnew({
      servePage: createPageHandler({ directory: other, signalingUrl: undefined, inviteHost: undefined }),
    });
    await rm(other, { recursive: true });
    expect((await get('/icon.svg')).body).toBe('<svg id="old"/>');
  });

  test('what is no reading is refused', async () => {
    const { status, headers } = await get('/', { method: 'POST' });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  test.each(['bytes=5-3', 'bytes=-1', 'bytes=9999-', 'bytes=a-b'])(
    'the range %s gets the whole file',
    async (range) => {
      const { status, body } = await get('/favicon.svg', { headers: { Range: range } });
      expect([status, body]).toEqual([200, '<svg/>']);
    },
  );

  test('the page is told where signaling is only if it is elsewhere', async () => {
    await serveAnew({}, 'https://s.example:8888');
    const { body, headers } = await get('/r/standup');
    expect(body).toContain('<head><meta name="callbox-signaling-url" content="https://s.example:8888" />');
    expect(headers['content-security-policy']).toContain(
      `connect-src 'self' ws://localhost:${splitter.port} https://s.example:8888 wss://s.example:8888;`,
    );
  });
});

describe('security headers', () => {
  test.each([
    ['calls.example:8443', undefined, "'self' wss://calls.example:8443;"],
    ['[2001:db8::7]:8443', undefined, "'self';"],
    ['a.example', 'http://b.example', "'self' wss://a.example http://b.example ws://b.example;"],
    ['a.example', 'https://[2001:db8::7]:8888', "'self' wss://a.example https: wss:;"],
  ])('pages of %s with signaling at %s connect to %s', async (host, signalingUrl, sources) => {
    await serveAnew({}, signalingUrl);
    const { headers } = await get('/', { secure: true, host });
    expect(headers['content-security-policy']).toContain(`connect-src ${sources}`);
  });

  test.each(['/', '/favicon.svg', '/nothing'])('%s carries them', async (path) => {
    const { headers } = await get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    for (const feature of ['camera', 'microphone', 'display-capture', 'fullscreen']) {
      expect(headers['permissions-policy']).toContain(`${feature}=(self)`);
    }
  });

  test('the content policy allows our own files and sockets, and nothing else', async () => {
    const { headers } = await get('/', { secure: true, host: 'calls.example:8443' });
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
        "media-src 'self' blob:; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; " +
        "connect-src 'self' wss://calls.example:8443; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  test('a Host that would change the policy is refused', async () => {
    const { status, headers } = await get('/', { host: 'a; script-src *', secure: true });
    expect(status).toBe(400);
    expect(headers['content-security-policy']).toBeUndefined();
  });
});

describe('plain HTTP', () => {
  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.1', '[::1]'])(
    'is served to %s, which is this very machine',
    async (name) => {
      expect((await get('/', { host: `${name}:8080` })).body).toBe(html);
    },
  );

  test.each([
    '192.168.1.5',
    'calls.example',
    'localhost.example',
    '127.0.0.1.example',
    '[2001:db8::7]',
    '128.0.0.1',
  ])('leads a person who comes by %s to HTTPS on the same port', async (name) => {
    const { status, headers } = await get('/r/a?b=c', { host: `${name}:8080`, headers: browser });
    expect([status, headers.location]).toEqual([307, `https://${name}:8080/r/a?b=c`]);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('leads a person who comes by the usual port to the usual port', async () => {
    const { headers } = await get('/', { host: 'calls.example', headers: browser });
    expect(headers.location).toBe('https://calls.example/');
  });

  test.each([
    ['a navigation by its mode', 'GET', { 'Sec-Fetch-Mode': 'navigate' }, 307],
    ['a HEAD of a page', 'HEAD', browser, 307],
    ['a script’s request, even for HTML', 'GET', { ...browser, 'Sec-Fetch-Mode': 'cors' }, 403],
    ['a picture', 'GET', { Accept: 'image/avif,*/*' }, 403],
    ['a program', 'GET', {}, 403],
    ['a form that is sent', 'POST', browser, 403],
  ])('%s (%s) at another host gets its answer', async (_what, method, headers, status) => {
    expect((await get('/', { host: 'calls.example', method, headers })).status).toBe(status);
  });

  test.each(['/signaling/?EIO=4&transport=polling', '/socket.io/?EIO=3', '/socket.io/socket.io.js'])(
    'never leads %s elsewhere',
    async (path) => {
      const { headers, status } = await get(path, { host: 'calls.example', headers: browser });
      expect(headers.location).toBeUndefined();
      expect(status).toBe(path.startsWith('/signaling/') ? 200 : 404);
    },
  );
});

test.each([
  [true, 'calls.example'],
  [false, 'calls.example'],
  [false, '192.168.1.5:8080'],
])('signaling answers for itself (encrypted: %s, host %s)', async (secure, host) => {
  expect((await get('/signaling/', { secure, host })).body).toBe('from signaling');
});

describe('health', () => {
  test.each([true, false])('is told in JSON to any host (encrypted: %s)', async (secure) => {
    const { status, headers, body } = await get('/healthz', { secure, host: 'anything.example' });
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'ok' }]);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  test('is not good before everything listens', async () => {
    await serveAnew({ health: () => undefined });
    const { status, body } = await get('/healthz');
    expect([status, JSON.parse(body)]).toEqual([503, { status: 'starting' }]);
  });
});

describe('a port without pages', () => {
  test('answers signaling and health, and nothing else', async () => {
    await serveAnew({ servePage: undefined });
    const statuses = await Promise.all(['/healthz', '/signaling/', '/', '/r/a'].map((path) => get(path)));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 404, 404]);
  });

  test('leads nobody to HTTPS', async () => {
    await serveAnew({ servePage: undefined, signaling: noRequests });
    expect((await get('/', { host: 'calls.example', headers: browser })).status).toBe(404);
  });
});

test('an upgrade that is not for signaling is refused', async () => {
  const { status } = await get('/elsewhere', { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  expect(status).toBe(404);
});
