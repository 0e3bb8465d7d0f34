import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findProgram } from '../program/find-program.ts';
import {
  ACTION_TIMEOUT_MS,
  DEFAULT_VIEWPORT,
  type ChromiumGuest,
  type GuestOptions,
  type Role,
} from './guest.ts';
import { writeHostLauncher } from './host-launcher.ts';
import { installPageProbe } from './page-probe.ts';
import { trustInHome } from './trusted-authority.ts';

/**
 * A moving picture and a beep once a second in place of devices. Nothing that hides what a guest would meet: autoplay,
 * certificates and policies are the browser's own.
 */
const deviceArguments = (cameras: number) => [
  `--use-fake-device-for-media-stream=fps=10,device-count=${cameras}`,
];
/** Where a machine has no network at all, 127.0.0.1 is the only address there is. */
const loopbackArgument = '--allow-loopback-in-peer-connection';
/** Answers the permission prompt with yes. Without it, a browser that has no window answers with no. */
const deviceArgument = '--use-fake-ui-for-media-stream';

/** A running Chromium, which several guests may share. */
export interface RunningChromium {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The path of a Chromium: the machine's, else the one that Playwright has fetched; null where there is neither. */
export function findChromium(): string | null {
  const own = chromium.executablePath();
  return findProgram(['chromium', 'chromium-browser', 'google-chrome']) ?? (existsSync(own) ? own : null);
}

/** What a Chromium is started with, so that it has the devices that a guest is given, and no more than a guest would meet. */
export function chromiumArguments(options: GuestOptions): string[] {
  const { devices, cameras = 1, cameraFile, microphoneFile, host } = options;
  return [
    ...(devices === 'missing' ? [] : deviceArguments(cameras)),
    ...(cameraFile === undefined ? [] : [`--use-file-for-fake-video-capture=${cameraFile}`]),
    ...(microphoneFile === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphoneFile}`]),
    ...(devices === 'withheld' ? [] : [deviceArgument]),
    ...(host === undefined ? [loopbackArgument] : []),
    ...(host === undefined || host.proxy === null ? [] : [`--proxy-server=${host.proxy}`]),
  ];
}

/** Starts a Chromium, in a home folder of its own: what another run left behind must not matter. */
export async function launchChromium(options: GuestOptions): Promise<RunningChromium> {
  const { trustedAuthority, host } = options;
  const executable = findChromium();
  if (executable === null) throw new Error('there is no Chromium on this machine');
  const home = await mkdtemp(join(tmpdir(), 'callbox-chromium-'));
  if (trustedAuthority !== undefined) await trustInHome(home, trustedAuthority);
  const browser = await chromium.launch({
    executablePath: host === undefined ? executable : await writeHostLauncher(home, host, executable),
    headless: true,
    args: chromiumArguments(options),
    env: { ...process.env, HOME: home },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** A guest in a Chromium that may be shared: storage, cookies and permissions are each guest's own. */
export async function createChromiumGuest(
  browser: Browser,
  name: string,
  options: GuestOptions,
): Promise<ChromiumGuest> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-US',
    colorScheme: options.colorScheme ?? 'light',
    viewport: options.viewport ?? DEFAULT_VIEWPORT,
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  await context.addInitScript(installPageProbe);
  if (options.scriptBeforePage !== undefined)
    await context.addInitScript({ content: options.scriptBeforePage });
  return guestOf(context, await context.newPage(), `${name} (chromium)`);
}

function guestOf(context: BrowserContext, page: Page, label: string): ChromiumGuest {
  const consoleLines: string[] = [];
  const problems: string[] = [];
  const requests: string[] = [];
  // Of the context: a page may have a small window of its own.
  context.on('console', (message) => {
    const line = `${message.type()}: ${message.text()} ${message.location().url}`;
    consoleLines.push(line);
    if (message.type() === 'error') problems.push(line);
  });
  context.on('weberror', (event) => {
    const error = event.error();
    consoleLines.push(`uncaught: ${error.stack ?? error.message}`);
    problems.push(`uncaught: ${error.message}`);
  });
  page.on('crash', () => problems.push('the page crashed'));
  context.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  const control = (role: Role, name: string) => page.getByRole(role, { name, exact: true });
  return {
    label,
    kind: 'chromium',
    consoleLines,
    problems,
    requests,
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    waitFor: (role, name) => control(role, name).first().waitFor(),
    waitForText: (text) => page.getByText(text).filter({ visible: true }).first().waitFor(),
    count: (role, name) => control(role, name).count(),
    click: (role, name) => control(role, name).click(),
    fill: (role, name, text) => control(role, name).fill(text),
    hasFocus: async (role, name) => {
      const found = control(role, name);
      if ((await found.count()) !== 1) return false;
      return found.evaluate((element) => element === document.activeElement);
    },
    press: (key) => page.keyboard.press(key),
    evaluate: (inPage, argument) =>
      // Playwright types what it serialises; a guest's callers pass plain values.
      page.evaluate(inPage as never, argument as never),
    run: async (source) => void (await page.evaluate(source)),
    url: () => page.url(),
    screenshot: async (path) => void (await page.screenshot({ path })),
    appear: async ({ colorScheme, viewport }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
    },
    close: () => context.close(),
  };
}
