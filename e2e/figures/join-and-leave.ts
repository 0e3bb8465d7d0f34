import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { DEFAULT_VIEWPORT } from '../browser/guest.ts';

/** What a page holds on to after so many joins, once the garbage is collected. */
export interface Holdings {
  readonly joins: number;
  readonly heapBytes: number;
  readonly connections: number;
  readonly tracks: number;
  readonly sockets: number;
  /** Nodes of the document and those that something still holds, text included. */
  readonly nodes: number;
  readonly listeners: number;
}

export interface JoinsOptions {
  readonly origin: string;
  /** How many come and go at the same time. Each has a page of its own. */
  readonly guests: number;
  /** How often, all of them together. */
  readonly joins: number;
  /** A look after each so many joins, and one before the first. */
  readonly every: number;
  readonly onLook?: (found: Looks) => Promise<void>;
}

/** What the one who stays holds, and the first of those who come and go. */
export interface Looks {
  readonly host: Holdings;
  readonly guest: Holdings;
}

interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly session: CDPSession;
}

/** Lets guests join a call, be connected, leave and come back by the page's own buttons, while one person stays. */
export async function watchJoins(browser: Browser, options: JoinsOptions): Promise<readonly Looks[]> {
  const url = `${options.origin}/r/revolving-door`;
  const host = await enter(browser, url);
  const guests: Watched[] = [];
  const looks: Looks[] = [];
  try {
    for (let index = 0; index < options.guests; index += 1) guests.push(await enter(browser, url));
    const [first] = guests;
    if (first === undefined) throw new Error('nobody comes');
    const look = async (joins: number): Promise<void> => {
      await Promise.all([host, ...guests].map(({ page }) => waitForCompany(page, options.guests)));
      looks.push({ host: await takeStock(host, joins), guest: await takeStock(first, joins) });
      const last = looks.at(-1);
      if (last !== undefined) await options.onLook?.(last);
    };
    await look(0);
    for (let joins = 0; joins < options.joins; joins += options.every) {
      const each = Math.round(options.every / options.guests);
      await Promise.all(guests.map(({ page }) => page.evaluate(comeAndGo, each)));
      await look(joins + options.every);
    }
  } finally {
    await Promise.all([host, ...guests].map(({ context }) => context.close()));
  }
  return looks;
}

async function enter(browser: Browser, url: string): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en-US', viewport: DEFAULT_VIEWPORT });
  await context.grantPermissions(['camera', 'microphone']);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('.preview__video--visible') !== null);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('toolbar').waitFor();
  return { context, page, session: await context.newCDPSession(page) };
}

async function waitForCompany(page: Page, others: number): Promise<void> {
  await page.waitForFunction(
    (count) => document.querySelectorAll('.tile[data-link="connected"]').length === count,
    others,
    { timeout: 60_000 },
  );
}

/** Runs in the page of a guest: leaves the call and comes back into it, so many times. */
async function comeAndGo(times: number): Promise<void> {
  const find = (name: string) =>
    [...document.querySelectorAll('button')].find(
      (button) => (button.ariaLabel ?? button.textContent).trim() === name && !button.disabled,
    );
  const become = async <T>(what: string, look: () => T | null | undefined): Promise<T> => {
    const end = performance.now() + 60_000;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined) return found;
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  for (let index = 0; index < times; index += 1) {
    (await become('the way out', () => find('Leave'))).click();
    (await become('the way back', () => find('Rejoin'))).click();
    await become('the call', () => document.querySelector('.tile[data-link="connected"]'));
  }
}

/** Counts what is alive in a page, after what nobody holds is gone. */
async function takeStock({ session }: Watched, joins: number): Promise<Holdings> {
  // What a collection lets go of may hold the next: two rounds, with time for those who wait to be told.
  for (let round = 0; round < 3; round += 1) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return {
    joins,
    heapBytes: usedSize,
    connections: await countAlive(session, 'RTCPeerConnection'),
    tracks: await countAlive(session, 'MediaStreamTrack'),
    sockets: await countAlive(session, 'WebSocket'),
    nodes,
    listeners: jsEventListeners,
  };
}

async function countAlive(session: CDPSession, type: string): Promise<number> {
  const objectGroup = 'count';
  const { result } = await session.send('Runtime.evaluate', {
    expression: `${type}.prototype`,
    objectGroup,
  });
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId ?? '',
    objectGroup,
  });
  const length = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  await session.send('Runtime.releaseObjectGroup', { objectGroup });
  return Number(length.result.value);
}
