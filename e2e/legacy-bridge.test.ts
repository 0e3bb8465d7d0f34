import { afterAll, beforeAll, describe } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople, waitForPerson } from './call/people.ts';
import { call, expectOldPagePlays, openOldPage, shareCanvas, waitForOld } from './legacy/old-guest.ts';
import { readOldBundle } from './legacy/old-scripts.ts';
import { servePages, type PageServer } from './legacy/page-server.ts';
import { samplePlayback } from './media/playback-sample.ts';
import { expectMediaPlays } from './media/see-and-hear.ts';
import type { Program } from './program/start-program.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

let recipe: string;
let pages: PageServer | null = null;

beforeAll(async () => {
  recipe = await readOldBundle();
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

describe('old pages, old pages with our client, and our own', () => {
  test(
    'meet in one room, talk, share a screen, and see who goes',
    { timeout: 240_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const at = await servePagesOf(program);
      if (pages !== null) stage.expectServer(pages.port);
      const url = `http://localhost:${program.signalPort}`;
      const [ana, ben, cleo] = await Promise.all([
        stage.invite('chromium', 'Ana'),
        stage.invite('chromium', 'Ben'),
        stage.invite('chromium', 'Cleo'),
      ]);
      // Each kind once before and once after another: who comes later offers.
      await openOldPage(ana, { page: at('recipe'), url, room: 'bridge', nick: 'Ana' });
      await enterCall(cleo, `${program.origin}/r/bridge`, 'Cleo');
      await openOldPage(ben, { page: at('living'), url, room: 'bridge', nick: 'Ben' });
      await expectAllPlay(ana, ben, cleo);
      await waitForOld(
        ana,
        'to know the others',
        ({ nicks }) => nicks.includes('Ben') && nicks.includes('Cleo'),
      );
      await waitForOld(
        ben,
        'to know the others',
        ({ nicks }) => nicks.includes('Ana') && nicks.includes('Cleo'),
      );
      await waitForPerson(cleo, 'Ana', 'by name');
      await waitForPerson(cleo, 'Ben', 'by name');

      await cleo.click('button', 'Chat');
      await call(ana, 'sendToAll', 'chat', { message: 'from an old page', nick: 'Ana' });
      await call(ben, 'sendToAll', 'chat', { message: 'from ours in its place', nick: 'Ben' });
      await waitForWords(cleo, 'from an old page');
      await waitForWords(cleo, 'from ours in its place');
      await waitForLine(ana, 'from ours in its place');
      await waitForLine(ben, 'from an old page');

      await call(ana, 'mute');
      await waitForPerson(cleo, 'Ana', 'muted', ({ microphone }) => microphone === 'off');
      await waitForOld(ben, 'to hear that she is', ({ told }) => told.includes('mute audio'));

      await call(ben, 'shareScreen');
      const isShown = ({ videos }: { videos: readonly string[] }) =>
        videos.some((id) => id.includes('_screen_'));
      await waitForOld(ana, 'to be shown the screen', isShown);
      await call(ben, 'stopScreenShare');
      await waitForOld(ana, 'to see the screen end', (page) => !isShown(page));

      await shareCanvas(ana);
      await waitForOld(ben, 'to be shown a screen by an old page', isShown);
      await until('Cleo to be shown it as well', async () => {
        const { pictures } = await samplePlayback(cleo);
        return pictures.length === 3 ? { found: true, value: null } : { found: false, seen: pictures };
      });
      await call(ana, 'stopScreenShare');
      await waitForOld(ben, 'to see that screen end', (page) => !isShown(page));

      await call(ana, 'leaveRoom');
      await waitForPeople(cleo, 2);
      await waitForOld(ben, 'to see that she went', ({ videos }) => videos.length === 1);
    },
  );
});

async function expectAllPlay(ana: Guest, ben: Guest, cleo: Guest): Promise<void> {
  await Promise.all([expectOldPagePlays(ana, 2), expectOldPagePlays(ben, 2), expectMediaPlays(cleo, 2)]);
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
