import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople, waitForPerson } from './call/people.ts';
import { call, expectFileArrives, expectOldPagePlays, openOldPage, waitForOld } from './legacy/old-guest.ts';
import { readOldBundle } from './legacy/old-scripts.ts';
import { servePages, type PageServer } from './legacy/page-server.ts';
import { sampleLinks } from './media/link-sample.ts';
import { listLocalPorts } from './media/local-ports.ts';
import { samplePlayback } from './media/playback-sample.ts';
import { smallScreens } from './media/small-screens.ts';
import { expectMediaPlays } from './media/see-and-hear.ts';
import { blockPort } from './networks/block-port.ts';
import { isIsolated } from './networks/isolation.ts';
import type { Program } from './program/start-program.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

let recipe: string;
/** What the guide has people put into an old page. */
let screenOfGuide: string;
let pages: PageServer | null = null;

beforeAll(async () => {
  recipe = await readOldBundle();
  const guide = await readFile(join(import.meta.dirname, '../docs/migrating.md'), 'utf8');
  screenOfGuide = /^ *webrtc\.shareScreen = [^]*?^ *\};$/m.exec(guide)?.[0] ?? '';
});
afterAll(() => pages?.close());

/** Pages with the old client as it is, and with ours in its place, loaded from the program by one changed address. */
async function servePagesOf(program: Program): Promise<(name: 'recipe' | 'living') => string> {
  const served = await servePages({
    recipe: { text: recipe },
    living: { url: `http://localhost:${program.signalPort}/simplewebrtc.js` },
  });
  pages = served;
  return (name) => `http://localhost:${served.port}/${name}`;
}

/** One person at a page of each kind. */
interface Company {
  /** At a page with the old client as it is. */
  readonly ana: Guest;
  /** At one with our class in its place. */
  readonly ben: Guest;
  /** At our own page. */
  readonly cleo: Guest;
}

/** What browsers write to their console about a server that is gone. */
const serverIsGone = /ERR_|CORS|WebSocket|Failed to load resource/;
/** Screens, cameras and three pages in one browser are much for a machine with two busy cores. */
const patienceMs = 60_000;

describe('old pages, old pages with our client, and our own', () => {
  test(
    'meet in one room, talk, share screens, outlive a broken path and the server, and see who goes',
    { timeout: 300_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const at = await servePagesOf(program);
      if (pages !== null) stage.expectServer(pages.port);
      const url = `http://localhost:${program.signalPort}`;
      const [ana, ben, cleo] = await Promise.all([
        stage.invite('chromium', 'Ana', { scriptBeforePage: smallScreens }),
        stage.invite('chromium', 'Ben'),
        stage.invite('chromium', 'Cleo', { scriptBeforePage: smallScreens }),
      ]);
      const company = { ana, ben, cleo };
      // Each kind once before and once after another: who comes later offers.
      await openOldPage(ana, { page: at('recipe'), url, room: 'bridge', nick: 'Ana' });
      await enterCall(cleo, `${program.origin}/r/bridge`, 'Cleo');
      await openOldPage(ben, { page: at('living'), url, room: 'bridge', nick: 'Ben' });
      await expectAllPlay(company);
      await expectIntroductions(company);
      await expectConversation(company);
      await expectFileArrives(ana, ben);
      await expectFileArrives(ben, ana);
      await expectScreens(company);
      if (isIsolated) await expectMending(company);

      stage.expectProblem(serverIsGone);
      await program.kill();
      await program.revive();
      await expectReturn(company);

      await call(ana, 'leaveRoom');
      await waitForPeople(cleo, 2);
      await waitForOld(ben, 'to see that she went', ({ videos }) => videos.length === 1);
    },
  );
});

async function expectIntroductions({ ana, ben, cleo }: Company): Promise<void> {
  const knows =
    (...names: readonly string[]) =>
    ({ nicks }: { nicks: readonly (string | null)[] }) =>
      names.every((name) => nicks.includes(name));
  await waitForOld(ana, 'to know the others', knows('Ben', 'Cleo'));
  await waitForOld(ben, 'to know the others', knows('Ana', 'Cleo'));
  await waitForPerson(cleo, 'Ana', 'as one on an older page', ({ isOnOlderPage }) => isOnOlderPage);
  await waitForPerson(cleo, 'Ben', 'as one on a page like hers', ({ isOnOlderPage }) => !isOnOlderPage);
}

async function expectConversation({ ana, ben, cleo }: Company): Promise<void> {
  await cleo.click('button', 'Chat');
  await call(ana, 'sendToAll', 'chat', { message: 'from an old page', nick: 'Ana' });
  await call(ben, 'sendToAll', 'chat', { message: 'from ours in its place', nick: 'Ben' });
  await waitForWords(cleo, 'from an old page');
  await waitForWords(cleo, 'from ours in its place');
  await waitForLine(ana, 'from ours in its place');
  await waitForLine(ben, 'from an old page');
  await cleo.fill('textbox', 'Message', 'from our own page');
  await cleo.click('button', 'Send');
  await waitForLine(ana, 'from our own page');
  await waitForLine(ben, 'from our own page');

  await call(ana, 'mute');
  await waitForPerson(cleo, 'Ana', 'muted', ({ microphone }) => microphone === 'off');
  await waitForOld(ben, 'to hear that she is', ({ told }) => told.includes('mute audio'));
  await call(ana, 'unmute');
  await waitForPerson(cleo, 'Ana', 'audible', ({ microphone }) => microphone === 'on');
}

/** Each shares a screen, and each of the others is shown it. */
async function expectScreens({ ana, ben, cleo }: Company): Promise<void> {
  await call(ben, 'shareScreen');
  await waitForScreen(ana, true);
  await waitForPictures(cleo, 3);
  await call(ben, 'stopScreenShare');
  await waitForScreen(ana, false);

  // The old client has no way to a screen in Chromium; the guide gives it one.
  await ana.run(screenOfGuide);
  await call(ana, 'shareScreen');
  await waitForScreen(ben, true);
  await waitForPictures(cleo, 3);
  await call(ana, 'stopScreenShare');
  await waitForScreen(ben, false);

  await cleo.click('button', 'Share');
  await waitForScreen(ana, true);
  await waitForScreen(ben, true);
  await cleo.click('button', 'Stop sharing');
  await waitForScreen(ana, false);
  await waitForScreen(ben, false);
}

/** Nothing comes in any more at all the places where our page expects the old one: ours finds others for both. */
async function expectMending({ ana, ben, cleo }: Company): Promise<void> {
  const [ofAna, ofCleo] = await Promise.all([sampleLinks(ana), sampleLinks(cleo)]);
  const places = new Set(ofAna.map(({ path }) => path?.remote.port));
  const port = ofCleo.map(({ path }) => path?.local.port).find((one) => places.has(one));
  if (port === undefined) throw new Error('the two pages have no way to each other');
  const ports = await listLocalPorts(cleo, port);
  const open = await Promise.all(ports.map((one) => blockPort('udp', one)));
  try {
    await waitForPerson(cleo, 'Ana', 'out of reach', ({ link }) => link === 'reconnecting', patienceMs);
    await waitForPerson(cleo, 'Ana', 'back', ({ link }) => link === 'connected', patienceMs);
    await expectAllPlay({ ana, ben, cleo });
    const after = (await sampleLinks(cleo)).map(({ path }) => path?.local.port);
    expect(after.filter((one) => one !== undefined && ports.includes(one))).toEqual([]);
  } finally {
    await Promise.all(open.map((letThrough) => letThrough()));
  }
}

/** The server has died and is back: the old page comes as somebody new, and the others are who they were. */
async function expectReturn({ ana, ben, cleo }: Company): Promise<void> {
  const isBack = ({ told }: { told: readonly string[] }) =>
    told.filter((name) => name === 'connectionReady').length > 1;
  await waitForOld(ana, 'to be back', isBack, patienceMs);
  await waitForPeople(cleo, 3, patienceMs);
  // Nobody is left of the time before: each picture moves.
  await expectAllPlay({ ana, ben, cleo });
  await call(ana, 'sendToAll', 'chat', { message: 'here I am again', nick: 'Ana' });
  await waitForWords(cleo, 'here I am again');
  await waitForLine(ben, 'here I am again');
}

async function expectAllPlay({ ana, ben, cleo }: Company): Promise<void> {
  await Promise.all([
    expectOldPagePlays(ana, 2, patienceMs),
    expectOldPagePlays(ben, 2, patienceMs),
    expectMediaPlays(cleo, 2),
  ]);
}

async function waitForScreen(guest: Guest, isThere: boolean): Promise<void> {
  await waitForOld(
    guest,
    isThere ? 'to be shown a screen' : 'to see the screen end',
    ({ screens }) => screens.length === (isThere ? 1 : 0) && screens.every(({ seconds }) => seconds > 0),
    patienceMs,
  );
}

async function waitForPictures(cleo: Guest, count: number): Promise<void> {
  await until(
    `Cleo to be shown ${count} pictures`,
    async () => {
      const { pictures } = await samplePlayback(cleo);
      return pictures.length === count ? { found: true, value: null } : { found: false, seen: pictures };
    },
    patienceMs,
  );
}

/** Asked by the test's own clock: a page that draws three pictures on a busy machine seldom gets to draw another frame. */
async function waitForWords(guest: Guest, words: string): Promise<void> {
  await until(`${guest.label} to show "${words}"`, async () => {
    const text = await guest.evaluate(() => document.body.innerText, null);
    return text.includes(words) ? { found: true, value: null } : { found: false, seen: text };
  });
}

async function waitForLine(guest: Guest, text: string): Promise<void> {
  await waitForOld(guest, `to read "${text}"`, ({ messages }) =>
    messages.some((line) => JSON.stringify(line).includes(text)),
  );
}
