// The scenes of src/testing as a built site in Chromium, for whoever looks at every screen.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

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
async function serve(folder, port) {
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
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A container's faces are nobody's system font: without them, the browser takes the next that is installed. */
async function writeFontConfig(folder) {
  const file = join(folder, 'fonts.conf');
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
    <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
    <selectfont><rejectfont><glob>*/DejaVu*</glob></rejectfont></selectfont>
    <match target="pattern"><test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend_first" binding="strong"><string>Inter</string><string>Roboto</string></edit></match>
    </fontconfig>`,
  );
  return file;
}

/**
 * Builds the scenes, serves them on `port` (0: any) and starts the browser that shows them. `close` ends all and removes
 * what was built.
 */
export async function openSceneSite(port = 0) {
  const scratch = await mkdtemp(join(tmpdir(), 'callbox-screens-'));
  await build({
    root,
    logLevel: 'warn',
    build: {
      outDir: join(scratch, 'site'),
      emptyOutDir: true,
      rollupOptions: { input: join(root, 'src/testing/index.html') },
    },
  });
  const server = await serve(join(scratch, 'site'), port);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, FONTCONFIG_FILE: await writeFontConfig(scratch) },
  });
  return {
    browser,
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      await browser.close();
      server.close();
      await rm(scratch, { recursive: true });
    },
  };
}

/** Waits for what is in a window that `opener` has opened, and gives it its size. Both are closed together. */
async function fitWindow(opened, opener, size) {
  opened.once('close', () => void opener.close());
  await opened.setViewportSize(size);
  await opened.locator('main').waitFor();
  await opened.waitForFunction(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.srcObject === null || video.videoWidth > 0,
    ),
  );
  return opened;
}

/**
 * Opens a state and brings it about; errors of the page are added to `problems`, after `variant.label`. With `variant.still`, next to
 * nothing moves in it: for who does not look at pictures.
 */
export async function openScene(context, origin, state, variant, problems) {
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`${variant.label}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${variant.label}: ${message.text()}`);
  });
  const url = new URL(state.path ?? '/r/standup', origin);
  for (const [key, value] of Object.entries(state.query)) url.searchParams.set(key, value);
  url.searchParams.set('locale', variant.locale);
  url.searchParams.set('theme', variant.theme);
  if (variant.still === true) url.searchParams.set('still', '');
  await page.goto(url.href);
  await page.locator('[data-scene-ready]').waitFor({ state: 'attached' });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.srcObject === null || video.videoWidth > 0,
    ),
  );
  const opened = state.window === undefined ? null : page.waitForEvent('popup');
  await state.act?.(page);
  const shown = opened === null ? page : await fitWindow(await opened, page, state.window);
  await shown.waitForTimeout(state.settleMs ?? (variant.still === true ? 150 : 450));
  return shown;
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Adds what axe finds on the page to `problems`, after `label`; `onlyColours` asks only for what another theme can make worse. */
export async function checkWithAxe(
  page,
  label,
  problems,
  { forcedColors = false, onlyColours = false } = {},
) {
  // Evaluated by the debugger, which the policy of the page does not bind.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const options = {
    resultTypes: ['violations'],
    // Forced colours are the system's: axe would measure ours, which nobody sees then.
    rules: forcedColors ? { 'color-contrast': { enabled: false } } : {},
    ...(onlyColours && { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }),
  };
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), options);
  for (const { id, help, nodes } of violations) {
    const where = nodes
      .map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`)
      .join(' | ');
    problems.push(`${label}: axe ${id}: ${help}: ${where}`);
  }
}

/** Waits for what moves once and ends, as colours do when the theme changes, and for what that sets going in its turn. */
export async function comeToRest(page) {
  await page.evaluate(async () => {
    const ending = () =>
      document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
    for (let round = 0; round < 5; round += 1) {
      await new Promise(requestAnimationFrame);
      const moving = ending();
      if (round > 0 && moving.length === 0) return;
      await Promise.allSettled(moving.map((animation) => animation.finished));
    }
  });
}
