import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createAddressSet } from '../network/address-set.ts';
import { createPortSplitter, type KeyPair, type PortSplitter } from '../port/port-splitter.ts';
import { fetchRaw, type RawRequest, type RawResponse } from '../testing/fetch-raw.ts';
import { createApproachReader } from './create-approach-reader.ts';
import { createPageHandler, type PageHandlerOptions } from './create-page-handler.ts';
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

/** Stands for signaling: ends the upgrades that it is asked for. */
const upgrades = {
  handleUpgrade(request: IncomingMessage, socket: Duplex) {
    if (request.url !== '/signaling/') return false;
    socket.end('HTTP/1.1 426 From signaling\r\nConnection: close\r\n\r\n');
    return true;
  },
};
const noProxies = {
  proxies: createAddressSet([]),
  proxyHeader: 'x-forwarded' as const,
  httpOnly: false,
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
  pageOptions: Partial<PageHandlerOptions> = {},
): Promise<void> {
  const { basePath = '/', readApproach = createApproachReader(noProxies) } = options;
  const pages = {
    directory,
    signalingUrl: undefined,
    findInviteHost: () => undefined,
    basePath,
    readApproach,
  };
  splitter = createPortSplitter({
    onRequest: createRequestHandler({
      signaling,
      servePage: createPageHandler({ ...pages, isTrustedFor: () => false, ...pageOptions }),
      health: () => ({ status: 'ok' }),
      readiness: () => Promise.resolve({ isReady: true, report: { status: 'ready' } }),
      basePath,
      readApproach,
      isHttpOnly: false,
      ...options,
    }),
    onUpgrade: createUpgradeHandler([options.signaling === undefined ? undefined : upgrades], basePath),
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
    '/check/',
    '/r/standup',
    '/r/standup/',
    '/r/standup/?transport=relay',
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

  test.each(['/nothing', '/r/', '/r', '/R/standup', '/r/a/b', '/r/a//', '/assets/old.js'])(
    'a person who comes to %s hears from the application that there is nothing',
    async (path) => {
      const { status, headers, body } = await get(path, { headers: browser });
      expect([status, body, headers.etag]).toEqual([404, html, undefined]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      });
      const picture = await get(path, { headers: { ...browser, 'Sec-Fetch-Mode': 'no-cors' } });
      expect([picture.status, picture.body.includes('There is nothing here.')]).toEqual([404, true]);
    },
  );

  test('a browser that has the application is still told that something else is not there', async () => {
    const { headers } = await get('/');
    const known = { ...browser, 'If-None-Match': String(headers.etag) };
    expect((await get('/nothing', { headers: known })).status).toBe(404);
  });

  test.each(['localhost', '127.0.0.1', '[::1]'])(
    'a page loaded as %s is told the address that others can open',
    async (name) => {
      await serveAnew({}, { findInviteHost: () => '2001:db8::2' });
      const { body } = await get('/r/standup', { headers: { Host: `${name}:${splitter.port}` } });
      expect(body).toContain(
        `<meta name="callbox-invite-origin" content="https://[2001:db8::2]:${splitter.port}" />`,
      );
    },
  );

  test('a page loaded by the name that others use needs no other', async () => {
    await serveAnew({}, { findInviteHost: () => '192.0.2.2' });
    const { body } = await get('/', { secure: true, headers: { Host: '192.0.2.2' } });
    expect(body).toBe(html);
  });

  test.each([
    ['a page that came with a certificate which our authority vouches for', '192.0.2.2', true, true],
    ['one that came with another', 'calls.example', true, false],
    ['one on the machine itself, without any', 'localhost', false, false],
  ])('%s is told, or not, where that authority is: %#', async (_what, host, secure, isTold) => {
    await serveAnew({}, { offersAuthorityFor: (name) => name === '192.0.2.2' || name === 'localhost' });
    const { body } = await get('/', { secure, headers: { Host: `${host}:${splitter.port}` } });
    expect(body.includes('<meta name="callbox-authority" content="ca" />')).toBe(isTold);
  });

  test('our authority is served without encryption too, and under the path of all else', async () => {
    const serveAuthority: RequestHandlerOptions['serveAuthority'] = (request, response) => {
      if (request.url !== '/ca') return false;
      response.end('the authority');
      return true;
    };
    await serveAnew({ serveAuthority });
    expect((await get('/ca', { headers: { ...browser, Host: '192.0.2.2' } })).body).toBe('the authority');
    await serveAnew({ serveAuthority, basePath: '/calls/' });
    expect((await get('/calls/ca', { headers: browser })).body).toBe('the authority');
    expect((await get('/ca', { headers: browser })).status).toBe(404);
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
    await serveAnew({}, { directory: other });
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
    await serveAnew({}, { signalingUrl: 'https://s.example:8888' });
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
    ['a.example', 'https://b.example/calls/', "'self' wss://a.example https://b.example wss://b.example;"],
    ['a.example', 'https://[2001:db8::7]:8888', "'self' wss://a.example https: wss:;"],
  ])('pages of %s with signaling at %s connect to %s', async (host, signalingUrl, sources) => {
    await serveAnew({}, { signalingUrl });
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
        "connect-src 'self' wss://calls.example:8443; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  test.each([
    ['a name that our certificate is trusted for', { secure: true, host: 'calls.example:8443' }, true],
    ['another name', { secure: true, host: 'other.example' }, false],
    ['an address', { secure: true, host: '192.0.2.8' }, false],
    ['this very machine, without encryption', { host: 'localhost' }, false],
  ])('browsers are held to HTTPS by %s (%j): %s', async (_what, request, isHeld) => {
    await serveAnew(
      {},
      { isTrustedFor: (name) => ['calls.example', '192.0.2.8', 'localhost'].includes(name) },
    );
    const { headers } = await get('/', request);
    expect(headers['strict-transport-security']).toBe(isHeld ? 'max-age=15768000' : undefined);
  });

  test.each(['/', '/nothing', '/healthz', '/signaling/', '/../'])(
    '%s does not say what serves it',
    async (path) => {
      const { headers } = await get(path);
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

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

describe('readiness', () => {
  test.each([
    [true, 200],
    [false, 503],
  ])('is told in JSON to any host (ready: %s)', async (isReady, expected) => {
    const report = { status: 'as seen', relay: [{ transport: 'udp' }] };
    await serveAnew({ servePage: undefined, readiness: () => Promise.resolve({ isReady, report }) });
    const { status, headers, body } = await get('/readyz', { host: 'anything.example' });
    expect([status, JSON.parse(body)]).toEqual([expected, report]);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
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

describe('behind a proxy of ours', () => {
  const behind = { ...noProxies, proxies: createAddressSet(['127.0.0.1']) };

  test.each([
    ['https', 200, 'wss://calls.example'],
    ['http', 307, undefined],
  ])('a guest who came to it by %s is answered so', async (scheme, status, source) => {
    await serveAnew({ readApproach: createApproachReader(behind) });
    const forwarded = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': scheme };
    const response = await get('/r/a', { host: 'calls.example', headers: { ...browser, ...forwarded } });
    expect(response.status).toBe(status);
    expect(response.headers.location).toBe(status === 307 ? 'https://calls.example/r/a' : undefined);
    expect(/wss?:\/\/[^ ;]+/.exec(String(response.headers['content-security-policy']))?.[0]).toBe(source);
  });

  test('nobody is led to HTTPS, nor held to it, where the proxy has it', async () => {
    await serveAnew(
      { readApproach: createApproachReader({ ...noProxies, httpOnly: true }), isHttpOnly: true },
      { isTrustedFor: () => true },
    );
    const { status, headers } = await get('/r/a', { host: 'calls.example', headers: browser });
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("connect-src 'self' wss://calls.example;");
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

describe('under a path', () => {
  const base = '<base href="/" />';

  test.each(['/calls/', '/calls/r/standup', '/calls/?x=1'])(
    '%s is the application, which is told so',
    async (path) => {
      await writeFile(join(directory, 'index.html'), html.replace('<head>', `<head>${base}`));
      await serveAnew({ basePath: '/calls/' });
      await writeFile(join(directory, 'index.html'), html);
      const { status, body } = await get(path);
      expect(status).toBe(200);
      expect(body).toContain('<base href="/calls/" />');
    },
  );

  test('a person who comes to nothing hears so from the application, which knows the path', async () => {
    await writeFile(join(directory, 'index.html'), html.replace('<head>', `<head>${base}`));
    await serveAnew({ basePath: '/calls/' });
    await writeFile(join(directory, 'index.html'), html);
    const { status, body } = await get('/calls/nothing', { headers: browser });
    expect(status).toBe(404);
    expect(body).toContain('<base href="/calls/" />');
  });

  test.each([
    ['/calls/favicon.svg', 200],
    ['/calls/healthz', 200],
    ['/calls/signaling/', 200],
    ['/calls/nothing', 404],
    ['/', 404],
    ['/healthz', 200],
    ['/readyz', 200],
    ['/signaling/', 404],
    ['/favicon.svg', 404],
    ['/callsx/', 404],
    ['/calls', 404],
    ['/calls//calls/', 404],
  ])('%s is answered with %i', async (path, status) => {
    await serveAnew({ basePath: '/calls/' });
    expect((await get(path)).status).toBe(status);
  });

  test('a person who leaves the last slash out is led to it, and a socket never anywhere', async () => {
    await serveAnew({ basePath: '/calls/' });
    const led = await get('/calls', { headers: browser });
    expect([led.status, led.headers.location]).toEqual([307, '/calls/']);
    const socket = await get('/calls/socket.io/?EIO=3', { host: 'calls.example', headers: browser });
    expect([socket.status, socket.headers.location]).toEqual([404, undefined]);
  });

  test('a person is led to HTTPS with the path', async () => {
    await serveAnew({ basePath: '/calls/' });
    const { headers } = await get('/calls/r/a?b=c', { host: 'calls.example', headers: browser });
    expect(headers.location).toBe('https://calls.example/calls/r/a?b=c');
  });

  test.each([
    ['/calls/signaling/', 426],
    ['/signaling/', 404],
    ['/calls/elsewhere', 404],
  ])('an upgrade of %s is answered with %i', async (path, status) => {
    await serveAnew({ basePath: '/calls/', signaling });
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    expect((await get(path, { headers })).status).toBe(status);
  });
});
