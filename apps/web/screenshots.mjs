/* oxlint-disable no-console */
// Takes a picture of every screen and state, checks each with axe, and writes them with an index page.
//   node apps/web/screenshots.mjs [--out DIR] [--only TEXT] [--size TEXT] [--quick]
// `--only` and `--size` take the states and the sizes whose name contains TEXT; `--quick` takes English and light only.

import { once } from 'node:events';
import { readFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const here = import.meta.dirname;
const { values: args } = parseArgs({
  options: {
    out: { type: 'string', default: join(here, '../../artifacts/screenshots') },
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
  },
});

const openMore = (page) => page.locator('[aria-haspopup="menu"]').last().click();

async function openStatistics(page) {
  await openMore(page);
  await page.locator('.menu:popover-open [role="menuitem"]:has(svg)').nth(-2).click();
  await page.locator('.person-statistics__all').first().waitFor();
}

async function tryDevices(page) {
  await page.locator('.check-ask button').click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.srcObject === null || video.videoWidth > 0,
    ),
  );
}

const states = [
  { name: 'home', path: '/', query: {} },
  { name: 'home-first-visit', path: '/', query: { recent: 'none' } },
  {
    name: 'home-wrong-link',
    path: '/',
    query: {},
    async act(page) {
      await page.locator('.home__join input').fill('/nonsense');
      await page.locator('.home__join button').click();
    },
  },
  {
    name: 'home-theme-menu',
    path: '/',
    query: {},
    act: (page) => page.locator('[aria-haspopup="menu"]').last().click(),
  },
  { name: 'check-running', path: '/check', query: { scene: 'running', devices: 'ask' }, whole: true },
  { name: 'check-good', path: '/check', query: { scene: 'good' }, act: tryDevices, whole: true },
  {
    name: 'check-slow',
    path: '/check',
    query: { scene: 'slow', devices: 'in-use' },
    act: tryDevices,
    whole: true,
  },
  {
    name: 'check-bad',
    path: '/check',
    query: { scene: 'bad', devices: 'denied' },
    act: tryDevices,
    whole: true,
  },
  { name: 'bad-room', path: '/r/--', query: {} },
  { name: 'pre-join-ask', query: { scene: 'door', devices: 'ask', peek: 'inside' } },
  { name: 'pre-join-ready', query: { scene: 'door', peek: 'inside' } },
  {
    name: 'pre-join-first',
    path: '/r/k7mq-x2fp-9dhw-3rtz',
    query: { scene: 'door', devices: 'ask', name: '' },
  },
  { name: 'pre-join-off', query: { scene: 'door', camera: 'off', microphone: 'off', peek: 'many' } },
  { name: 'pre-join-denied', query: { scene: 'door', devices: 'denied' } },
  { name: 'pre-join-camera-in-use', query: { scene: 'door', devices: 'in-use', peek: 'inside' } },
  { name: 'pre-join-no-devices', query: { scene: 'door', devices: 'missing' } },
  { name: 'pre-join-unsupported', query: { scene: 'door', devices: 'unsupported' } },
  { name: 'pre-join-full', query: { scene: 'door', peek: 'full' } },
  { name: 'pre-join-refused', query: { scene: 'full' } },
  { name: 'pre-join-joining', query: { scene: 'joining', peek: 'inside' }, settleMs: 900 },
  { name: 'call-alone', query: { scene: 'alone' } },
  { name: 'call-two', query: { scene: 'two' } },
  { name: 'call-three', query: { scene: 'three' } },
  { name: 'call-four', query: { scene: 'four' } },
  { name: 'call-five', query: { scene: 'five' } },
  { name: 'call-eight', query: { scene: 'eight' } },
  { name: 'call-many', query: { scene: 'many' } },
  {
    name: 'call-many-next',
    query: { scene: 'many' },
    async act(page) {
      const next = page.locator('.pager button').last();
      if ((await next.count()) > 0) await next.click();
    },
  },
  { name: 'call-speaker', query: { scene: 'five', view: 'speaker' } },
  {
    name: 'call-pinned',
    query: { scene: 'five' },
    act: (page) => page.locator('.tile[data-participant-id="p-小宝-1"] .tile__tool').click(),
  },
  { name: 'call-screen', query: { scene: 'screen' } },
  {
    name: 'call-screen-zoomed',
    query: { scene: 'screen' },
    async act(page) {
      for (let press = 0; press < 2; press += 1)
        await page.locator('.screen-tile .tile__tool').nth(1).click();
    },
  },
  { name: 'call-two-screens', query: { scene: 'screens' } },
  {
    name: 'call-sharing',
    query: { scene: 'three' },
    async act(page) {
      const share = page.locator('.control-bar [aria-pressed]').first();
      if ((await share.count()) > 0) await share.click();
    },
  },
  { name: 'call-muted', query: { scene: 'three', camera: 'off', microphone: 'off' } },
  { name: 'call-links', query: { scene: 'links' }, settleMs: 800 },
  {
    name: 'call-links-open',
    query: { scene: 'links' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-older',
    query: { scene: 'older' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-keys',
    query: { scene: 'four' },
    act: (page) => page.keyboard.press('?'),
  },
  {
    name: 'call-devices',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').nth(1).click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  {
    name: 'pre-join-devices',
    query: { scene: 'door', peek: 'inside' },
    async act(page) {
      await page.locator('.pre-join__devices .icon-button').click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  { name: 'call-weak', query: { scene: 'weak' }, act: (page) => page.locator('.link-summary').click() },
  { name: 'call-statistics', query: { scene: 'figures' }, act: openStatistics },
  {
    name: 'call-statistics-table',
    query: { scene: 'figures' },
    async act(page) {
      await openStatistics(page);
      await page.locator('.person-statistics__all > summary').first().click();
    },
  },
  { name: 'call-voice-only', query: { scene: 'voice' } },
  { name: 'call-server-lost', query: { scene: 'lost' } },
  { name: 'call-tap-to-hear', query: { scene: 'held' } },
  {
    name: 'call-tooltip',
    query: { scene: 'four' },
    async act(page) {
      await page.locator('.control-bar [role="switch"]').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
    },
  },
  {
    name: 'call-chat-refused',
    query: { scene: 'refusing' },
    async act(page) {
      await page.locator('#chat-button').click();
      await page.locator('.composer__field').fill('And another thing');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'call-camera-failed', query: { scene: 'three', devices: 'in-use' } },
  { name: 'call-chat', query: { scene: 'chat' }, act: (page) => page.locator('#chat-button').click() },
  {
    name: 'call-chat-long',
    query: { scene: 'history' },
    act: (page) => page.locator('#chat-button').click(),
  },
  { name: 'call-chat-empty', query: { scene: 'three' }, act: (page) => page.locator('#chat-button').click() },
  { name: 'call-chat-unread', query: { scene: 'chat' } },
  { name: 'call-more', query: { scene: 'four' }, act: openMore },
  {
    name: 'call-invite',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').first().click();
      await page.locator('.qr-code').waitFor();
    },
  },
  {
    name: 'left',
    query: { scene: 'three' },
    act: (page) => page.locator('.control-bar__leave button').click(),
  },
  {
    name: 'left-rated',
    query: { scene: 'three' },
    async act(page) {
      await page.locator('.control-bar__leave button').click();
      await page.locator('.rating__answer').last().click();
    },
  },
];

// The small ones are taken once, in English and light: they prove that everything has room.
const sizes = [
  { name: 'desktop', width: 1440, height: 900, mobile: false, small: false },
  { name: 'phone', width: 390, height: 844, mobile: true, small: false },
  { name: 'smallest', width: 320, height: 568, mobile: true, small: true },
  { name: 'sideways', width: 844, height: 390, mobile: true, small: true },
  { name: 'forced-colours', width: 1024, height: 720, mobile: false, small: true, forcedColors: 'active' },
];

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

// As strict as the server's own: a style or a script in the markup would be refused, and the run would fail.
const policy =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** Serves the built scenes, the one page for every address without an ending. */
async function serve(folder) {
  async function answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = extname(pathname) === '' ? '/src/testing/index.html' : pathname;
    try {
      const body = await readFile(join(folder, file));
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
  const server = createServer((request, response) => void answer(request, response));
  server.listen(Number(args.port), '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A container's one face is nobody's system font: without it, the browser takes the next that is installed. */
async function writeFontConfig(folder) {
  const file = join(folder, 'fonts.conf');
  const family = (name) => `<pattern><patelt name="family"><string>${name}</string></patelt></pattern>`;
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
    <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
    <selectfont><rejectfont>${family('DejaVu Sans')}</rejectfont></selectfont>
    <match target="pattern"><test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend_first" binding="strong"><string>Inter</string><string>Roboto</string></edit></match>
    </fontconfig>`,
  );
  return file;
}

async function openScene(context, origin, state, variant, problems) {
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`${variant.label}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${variant.label}: ${message.text()}`);
  });
  const url = new URL(state.path ?? '/r/standup', origin);
  for (const [key, value] of Object.entries(state.query)) url.searchParams.set(key, value);
  url.searchParams.set('locale', variant.locale);
  url.searchParams.set('theme', variant.theme);
  await page.goto(url.href);
  await page.locator('[data-scene-ready]').waitFor({ state: 'attached' });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.srcObject === null || video.videoWidth > 0,
    ),
  );
  await state.act?.(page);
  await page.waitForTimeout(state.settleMs ?? 450);
  return page;
}

async function checkWithAxe(page, axe, size, label, problems) {
  // Evaluated by the debugger, which the policy of the page does not bind.
  await page.evaluate(axe);
  // Forced colours are the system's: axe would measure ours, which nobody sees then.
  const rules = size.forcedColors === undefined ? {} : { 'color-contrast': { enabled: false } };
  const { violations } = await page.evaluate(
    (rules) => globalThis.axe.run(document, { resultTypes: ['violations'], rules }),
    rules,
  );
  for (const { id, help, nodes } of violations) {
    const where = nodes
      .map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`)
      .join(' | ');
    problems.push(`${label}: axe ${id}: ${help}: ${where}`);
  }
}

async function main() {
  const scratch = await mkdtemp(join(tmpdir(), 'callbox-screenshots-'));
  const out = resolve(args.out);
  await mkdir(out, { recursive: true });
  await build({
    root: here,
    logLevel: 'warn',
    build: {
      outDir: join(scratch, 'site'),
      emptyOutDir: true,
      rollupOptions: { input: join(here, 'src/testing/index.html') },
    },
  });
  const server = await serve(join(scratch, 'site'));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, FONTCONFIG_FILE: await writeFontConfig(scratch) },
  });

  const problems = [];
  const taken = [];
  for (const size of sizes.filter(({ name }) => name.includes(args.size))) {
    const themes = args.quick || size.small ? ['light'] : ['light', 'dark'];
    const locales = args.quick || size.small ? ['en'] : ['en', 'zh-CN'];
    for (const theme of themes) {
      for (const locale of locales) {
        const context = await browser.newContext({
          viewport: { width: size.width, height: size.height },
          isMobile: size.mobile,
          hasTouch: size.mobile,
          locale,
          colorScheme: theme,
          forcedColors: size.forcedColors ?? 'none',
        });
        for (const state of states.filter(({ name }) => name.includes(args.only))) {
          const file = `${state.name}.${size.name}.${theme}.${locale}.png`;
          const page = await openScene(context, origin, state, { theme, locale, label: file }, problems);
          await page.screenshot({ path: join(out, file), fullPage: state.whole === true });
          await checkWithAxe(page, axe, size, file, problems);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
          if (wide) problems.push(`${file}: the page is wider than the window`);
          await page.close();
          taken.push({ file, state: state.name });
        }
        await context.close();
      }
    }
  }
  await browser.close();
  server.close();
  await rm(scratch, { recursive: true });

  const figures = taken.map(
    ({ file }) => `<figure><img src="${file}" loading="lazy"><figcaption>${file}</figcaption></figure>`,
  );
  await writeFile(
    join(out, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Callbox, every screen</title><style>body{font:14px system-ui;display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:16px}figure{margin:0}img{width:100%}</style>${figures.join('')}`,
  );
  console.log(`${taken.length} pictures in ${out}`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await main();
