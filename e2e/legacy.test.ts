import { afterAll, beforeAll, describe } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { call, expectOldPagePlays, openOldPage, waitForOld } from './legacy/old-guest.ts';
import { bundleOldSources, readOldBundle } from './legacy/old-scripts.ts';
import { servePages, type PageServer } from './legacy/page-server.ts';
import { test } from './stage.ts';

/** The old client reads a candidate of Firefox that says "no more" as if it were one. It harms nothing. */
const oldFirefoxProblem = /parts\[2\] is undefined/;

let pages: PageServer;

beforeAll(async () => {
  pages = await servePages({
    recipe: { text: await readOldBundle() },
    bundled: { text: await bundleOldSources() },
  });
});
afterAll(() => pages.close());

describe('pages of the old client, as they are', () => {
  test.for<[BrowserKind, string, BrowserKind, string, object]>([
    ['chromium', 'recipe', 'firefox', 'recipe', {}],
    ['firefox', 'bundled', 'chromium', 'recipe', { socketio: { transports: ['polling'] } }],
  ])(
    '%s with the %s client and %s with the %s one meet, talk and part',
    async ([kind, script, otherKind, otherScript, options], { stage }) => {
      stage.expectServer(pages.port);
      stage.expectProblem(oldFirefoxProblem);
      const program = await stage.startProgram();
      const url = `http://localhost:${program.signalPort}`;
      const [ana, ben] = await Promise.all([stage.invite(kind, 'Ana'), stage.invite(otherKind, 'Ben')]);
      const at = (name: string) => `http://localhost:${pages.port}/${name}`;
      await openOldPage(ana, { page: at(script), url, room: 'Old Room', nick: 'Ana', options });
      await openOldPage(ben, { page: at(otherScript), url, room: 'Old Room', nick: 'Ben', options });
      await Promise.all([ana, ben].map((guest) => expectOldPagePlays(guest, 1)));
      await expectTalk(ana, ben);
      await call(ben, 'leaveRoom');
      await waitForOld(ana, 'to be alone', ({ videos }) => videos.length === 0);
    },
  );
});

/** Names, chat, a message of the page's own and one over a data channel, both ways. */
async function expectTalk(ana: Guest, ben: Guest): Promise<void> {
  await waitForOld(ana, 'to know the name of Ben', ({ nicks }) => nicks.includes('Ben'));
  await waitForOld(ben, 'to know the name of Ana', ({ nicks }) => nicks.includes('Ana'));
  for (const [from, to] of [
    [ana, ben],
    [ben, ana],
  ] as const) {
    await call(from, 'sendToAll', 'chat', { message: '你好 & hello', nick: from.label });
    await call(from, 'sendToAll', 'wave', { hand: 'left' });
    const isThere = (line: unknown) => JSON.stringify(line).includes('你好 & hello');
    await waitForOld(to, 'to read the chat', ({ messages }) => messages.some(isThere));
    await waitForOld(to, 'to be waved at', ({ messages }) => messages.some(({ type }) => type === 'wave'));
    await expectDirectMessage(from, to);
  }
}

/** The first try opens the channel; one that finds it open arrives. */
async function expectDirectMessage(from: Guest, to: Guest): Promise<void> {
  await waitForOld(to, 'to hear over the data channel', async ({ direct }) => {
    if (direct.length === 0) await call(from, 'sendDirectlyToAll', 'text', 'line', 'over a channel');
    return direct.some(({ type, payload }) => type === 'line' && payload === 'over a channel');
  });
}
