import type { Browser, Page } from 'playwright-core';
import type { CDPSession } from 'puppeteer-core';
import { bundleCrowd } from '../crowd/bundle-crowd.ts';
import { until } from '../until.ts';
import type { BareChromium, BarePage } from './bare-page.ts';

/** What a page holds on to after so many joins, once the garbage is collected. */
export interface Holdings {
  readonly joins: number;
  /** Of the scripts, and of what the browser keeps for them: elements, connections. */
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
  /** How many people the one who stays sees come and go. */
  readonly joins: number;
  /** How often the other person comes and goes, in a room where somebody stays. */
  readonly ownJoins: number;
  /** How many looks, besides one before the first join. */
  readonly looks: number;
  readonly onLook?: (found: Looks) => Promise<void>;
}

/** What the one who stays holds, and the one who comes and goes. */
export interface Looks {
  readonly host: Holdings;
  readonly guest: Holdings;
}

/**
 * What the program is to be started with: the one who stays answers several people a second for minutes, as nobody does in a room of
 * eight, and how many messages a page may send goes by the size of rooms.
 */
export const flagsForJoins = ['--max-participants', '50'];

/** So many are on their way in or out at the same time. */
const lanes = 2;

/**
 * Watches two pages of ours, each in a room of its own. To the first come others, who are connected and leave; the second is left and entered
 * again by its own buttons. All others have no interface, and share one page.
 */
export async function watchJoins(
  browser: Browser,
  bare: BareChromium,
  options: JoinsOptions,
): Promise<readonly Looks[]> {
  const { origin, joins, ownJoins } = options;
  const looks: Looks[] = [];
  const crowd = await openCrowd(browser, origin);
  try {
    const host = await enter(bare, `${origin}/r/revolving-door`);
    const guest = await enter(bare, `${origin}/r/own-door`);
    await crowd.evaluate(() => window.crowd.come('own-door', ['Stays']));
    const look = async (share: number): Promise<void> => {
      await Promise.all([waitForCompany(host, 0), waitForCompany(guest, 1)]);
      const found = {
        host: await takeStock(host, Math.round(joins * share)),
        guest: await takeStock(guest, Math.round(ownJoins * share)),
      };
      looks.push(found);
      await options.onLook?.(found);
    };
    await look(0);
    const each = Math.round(joins / options.looks / lanes);
    for (let index = 1; index <= options.looks; index += 1) {
      await Promise.all([
        ...Array.from({ length: lanes }, () =>
          crowd.evaluate((times) => window.crowd.comeAndGo('revolving-door', 'Person', times), each),
        ),
        guest.evaluate(comeAndGo, Math.round(ownJoins / options.looks)),
      ]);
      await look(index / options.looks);
    }
  } finally {
    await crowd.context().close();
  }
  return looks;
}

/** A page of participants without an interface, who share a camera and a microphone. */
async function openCrowd(browser: Browser, origin: string): Promise<Page> {
  const bundle = await bundleCrowd();
  const context = await browser.newContext();
  await context.grantPermissions(['camera', 'microphone']);
  const page = await context.newPage();
  await page.goto(`${origin}/healthz`);
  await page.evaluate(bundle);
  await page.evaluate(() => window.crowd.takeDevices());
  return page;
}

async function enter(bare: BareChromium, url: string): Promise<BarePage> {
  const page = await bare.open(url);
  await waitFor(page, 'the preview', () => document.querySelector('.preview__video--visible') !== null);
  await page.evaluate(
    () => document.querySelector<HTMLInputElement>('input[autocomplete="name"]')?.select(),
    null,
  );
  await page.type('Person');
  await page.evaluate(() => {
    const join = [...document.querySelectorAll('button')].find(
      ({ textContent }) => textContent.trim() === 'Join',
    );
    join?.click();
  }, null);
  await waitFor(page, 'the call', () => document.querySelector('[role="toolbar"]') !== null);
  return page;
}

function waitFor(page: BarePage, what: string, holds: () => boolean): Promise<null> {
  return until(
    `the page to show ${what}`,
    async () => {
      const found = await page.evaluate(holds, null);
      return found
        ? { found, value: null }
        : { found, seen: await page.evaluate(() => document.body.innerText.slice(0, 500), null) };
    },
    120_000,
  );
}

/** Waits until so many others are there and connected, and nobody else: who is on the way out is no longer shown. */
function waitForCompany(page: BarePage, others: number): Promise<null> {
  return until(
    `${others} others to be there`,
    async () => {
      const seen = await page.evaluate(() => {
        const people = [...document.querySelectorAll('[aria-label="People in the call"] > li')];
        const connected = people.filter((item) => item.getAttribute('data-link') === 'connected');
        return { people: people.length, connected: connected.length };
      }, null);
      const found = seen.connected === others && seen.people === others + 1;
      return found ? { found, value: null } : { found, seen };
    },
    120_000,
  );
}

/** Runs in the page of a guest: leaves the call and comes back into it, so many times. */
async function comeAndGo(times: number): Promise<void> {
  const find = (name: string) =>
    [...document.querySelectorAll('button')].find(
      (button) => (button.ariaLabel ?? button.textContent).trim() === name && !button.disabled,
    );
  const become = async <T>(what: string, look: () => T | null | undefined): Promise<T> => {
    const end = performance.now() + 120_000;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined) return found;
      if (performance.now() > end)
        throw new Error(
          `waited in vain for ${what}; the page says: ${document.body.innerText.slice(0, 500)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  for (let index = 0; index < times; index += 1) {
    (await become('the way out', () => find('Leave'))).click();
    (await become('the way back', () => find('Rejoin'))).click();
    await become('the call', () => {
      // As a person does whom a busy server has kept waiting for too long.
      find('Try again')?.click();
      return document.querySelector('.tile[data-link="connected"]');
    });
  }
}

/** Counts what is alive in a page, after what nobody holds is gone. */
async function takeStock({ session }: BarePage, joins: number): Promise<Holdings> {
  // What a collection lets go of may hold the next: several rounds, with time for those who wait to be told.
  for (let round = 0; round < 5; round += 1) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { usedSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return {
    joins,
    heapBytes: usedSize + embedderHeapUsedSize,
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
