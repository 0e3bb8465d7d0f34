import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findProgram } from '../program/find-program.ts';
import { findFreePort } from '../program/free-port.ts';
import { withinDeadline } from '../within-deadline.ts';
import { ACTION_TIMEOUT_MS, DEFAULT_VIEWPORT, type Guest, type GuestOptions, type Role } from './guest.ts';
import { writeHostLauncher } from './host-launcher.ts';
import { lateSocket } from './late-socket.ts';
import { installPageProbe } from './page-probe.ts';
import { trustInProfile } from './trusted-authority.ts';

const CLOSE_DEADLINE_MS = 5_000;
/** A machine with two busy cores takes its time over a new profile. */
const START_DEADLINE_MS = 120_000;

/** Devices of its own making, and the permission prompt answered with yes: without the second, getUserMedia never ends. */
const mediaPreferences = {
  given: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true },
  // 2: what the person said once and for all is no.
  withheld: {
    'media.navigator.streams.fake': true,
    'permissions.default.camera': 2,
    'permissions.default.microphone': 2,
  },
  missing: { 'media.navigator.permission.disabled': true },
};

/** Firefox's own errands, which have nothing to do with the page: none may leave the machine. */
const quietPreferences = {
  'network.proxy.type': 0,
  'network.trr.mode': 5,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.manage-offline-status': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'app.normandy.enabled': false,
  'toolkit.telemetry.server': 'data:,',
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
};

/** Sends the page's requests, and relays over TCP, through an HTTP proxy. */
function proxyPreferences(proxy: string | null): Record<string, string | number> {
  if (proxy === null) return {};
  const { hostname, port } = new URL(proxy);
  return {
    'network.proxy.type': 1,
    'network.proxy.http': hostname,
    'network.proxy.http_port': Number(port),
    'network.proxy.ssl': hostname,
    'network.proxy.ssl_port': Number(port),
  };
}

/** The path of a Firefox, or null where there is none. */
export function findFirefox(): string | null {
  return findProgram(['firefox-esr', 'firefox']);
}

/** A running Firefox, for one guest at a time. */
export interface RunningFirefox {
  readonly browser: Browser;
  /** Whether it still runs. */
  isAlive(): boolean;
  close(): Promise<void>;
}

/** Starts a Firefox with a profile of its own. */
export async function launchFirefox(options: GuestOptions): Promise<RunningFirefox> {
  const executable = findFirefox();
  if (executable === null) throw new Error('there is no Firefox on this machine');
  const profile = await mkdtemp(join(tmpdir(), 'callbox-firefox-'));
  if (options.trustedAuthority !== undefined) await trustInProfile(profile, options.trustedAuthority);
  const { host } = options;
  // It is driven through a port of its own loopback address.
  const debuggingPort = host === undefined ? 0 : await findFreePort();
  const closeDoor = await host?.forward(debuggingPort, debuggingPort);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: host === undefined ? executable : await writeHostLauncher(profile, host, executable),
    debuggingPort,
    headless: true,
    timeout: START_DEADLINE_MS,
    userDataDir: profile,
    defaultViewport: null,
    extraPrefsFirefox: {
      ...mediaPreferences[options.devices ?? 'given'],
      // How long it waits for further candidates before it calls a connection failed: five seconds are little where much else runs.
      'media.peerconnection.ice.trickle_grace_period': 30_000,
      ...quietPreferences,
      ...proxyPreferences(host?.proxy ?? null),
      'intl.accept_languages': options.locale ?? 'en-US',
      'ui.systemUsesDarkTheme': options.colorScheme === 'dark' ? 1 : 0,
    },
  });
  return {
    browser,
    isAlive: () => browser.process()?.exitCode === null,
    close: async () => {
      await closeFirefox(browser, profile);
      closeDoor?.();
    },
  };
}

/** What of a guest's wishes is the browser's own: guests who agree in it may have one after the other. */
export function firefoxKeyOf(options: GuestOptions): string {
  const { trustedAuthority, devices, locale, colorScheme, host } = options;
  return JSON.stringify([trustedAuthority, devices, locale, colorScheme, host?.name]);
}

/**
 * A guest in a Firefox that nobody else is in, since pages in its background wait for their devices. Storage, cookies and
 * permissions are the guest's own, and gone with them.
 */
export async function createFirefoxGuest(
  { browser }: RunningFirefox,
  name: string,
  options: GuestOptions,
): Promise<Guest> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(options.viewport ?? DEFAULT_VIEWPORT);
  page.setDefaultTimeout(ACTION_TIMEOUT_MS);
  await page.evaluateOnNewDocument(installPageProbe);
  if (options.scriptBeforePage !== undefined) await page.evaluateOnNewDocument(options.scriptBeforePage);
  // A browser that is ended as a whole does not let its pages say goodbye; a window that is closed does.
  const leave = async () => {
    await page.close();
    await context.close();
  };
  return guestOf(page, leave, `${name} (firefox)`);
}

function guestOf(page: Page, leave: () => Promise<void>, label: string): Guest {
  const consoleLines: string[] = [];
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    const line = `${message.type()}: ${message.text()}`;
    consoleLines.push(line);
    if (message.type() === 'error') problems.push(line);
  });
  page.on('pageerror', (thrown) => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    consoleLines.push(`uncaught: ${text}`);
    if (!lateSocket.test(text)) problems.push(`uncaught: ${text}`);
  });
  page.on('request', (request) => requests.push(request.url()));
  const selector = (role: Role, name: string) => `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
  const control = (role: Role, name: string) => page.locator(selector(role, name));
  return {
    label,
    kind: 'firefox',
    consoleLines,
    problems,
    requests,
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    waitFor: async (role, name) => void (await page.waitForSelector(selector(role, name))),
    waitForText: async (text) =>
      void (await page.waitForFunction(
        (wanted: string) => document.body.innerText.includes(wanted),
        {},
        text,
      )),
    count: async (role, name) => (await page.$$(selector(role, name))).length,
    click: (role, name) => control(role, name).click(),
    fill: (role, name, text) => control(role, name).fill(text),
    hasFocus: async (role, name) => {
      const found = await page.$$(selector(role, name));
      const [only] = found;
      if (only === undefined || found.length !== 1) return false;
      return only.evaluate((element) => element === document.activeElement);
    },
    press: (key) => page.keyboard.press(key as Parameters<typeof page.keyboard.press>[0]),
    evaluate: (inPage, argument) => page.evaluate(inPage as never, argument as never),
    run: async (source) => void (await page.evaluate(source)),
    url: () => page.url(),
    screenshot: async (path: `${string}.png`) => void (await page.screenshot({ path })),
    close: leave,
  };
}

/** Closes a Firefox, which is slow at it: past the deadline its process is ended. */
async function closeFirefox(browser: Browser, profile: string): Promise<void> {
  const process = browser.process();
  await withinDeadline(browser.close(), CLOSE_DEADLINE_MS).catch(() => process?.kill('SIGKILL'));
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
