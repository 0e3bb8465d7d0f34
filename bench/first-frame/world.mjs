import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../../e2e/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const main = fileURLToPath(new URL('../../packages/callbox/dist/main.js', import.meta.url));

/** The path of the machine's Chromium, else of the one that Playwright has fetched; null where there is neither. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
      folders.map((folder) => join(folder, name)),
    ),
    chromium.executablePath(),
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** Starts all that the contestants stand on: the built program, a server of pages, and one browser for everybody. */
export async function openWorld() {
  const program = await startProgram();
  const pages = await servePages();
  const home = await mkdtemp(join(tmpdir(), 'callbox-first-frame-'));
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--allow-loopback-in-peer-connection',
    ],
    env: { ...process.env, HOME: home },
  });
  return {
    origin: program.origin,
    signalUrl: program.signalUrl,
    pagesOrigin: pages.origin,
    browser,
    async close() {
      await browser.close();
      pages.close();
      await program.end();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function startProgram() {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-first-frame-data-'));
  const [port, signalPort, turnPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const flags = {
    port,
    'signal-port': signalPort,
    'turn-port': turnPort,
    'data-dir': folder,
    'log-level': 'warn',
  };
  const child = spawn(
    process.execPath,
    [main, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const origin = `http://localhost:${port}`;
  await waitUntilWell(`http://127.0.0.1:${port}/healthz`, child);
  return {
    origin,
    signalUrl: `http://localhost:${signalPort}`,
    async end() {
      child.kill('SIGINT');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilWell(url, child) {
  const end = performance.now() + 20_000;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (child.exitCode !== null || performance.now() > end) {
      child.kill();
      throw new Error('the program does not start; was it built?');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The page of the old client, its script as pages copy it, and an empty page. */
async function servePages() {
  const client = dirname(require.resolve('simplewebrtc/package.json'));
  const page = await readFile(new URL('old-page.html', import.meta.url));
  const script = await readFile(join(client, 'out/simplewebrtc-with-adapter.bundle.js'));
  const server = createServer((request, response) => {
    const isScript = request.url === '/old-client.js';
    response.setHeader(
      'content-type',
      isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    );
    if (request.url?.startsWith('/old')) response.end(isScript ? script : page);
    else response.end('<!doctype html><title>Two connections</title><link rel="icon" href="data:," />');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
