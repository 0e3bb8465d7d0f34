import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { expectTalk } from './legacy/expect-talk.ts';
import { call, expectOldPagePlays, oldFirefoxProblem, openOldPage, waitForOld } from './legacy/old-guest.ts';
import { bundleOldSources, readOldBundle } from './legacy/old-scripts.ts';
import { servePages, type PageServer } from './legacy/page-server.ts';
import { isIsolated, machineName } from './networks/isolation.ts';
import { createTestAuthority } from './program/test-authority.ts';
import { test } from './stage.ts';

let pages: PageServer;

beforeAll(async () => {
  pages = await servePages({
    recipe: { text: await readOldBundle() },
    '2.1.1': { text: await readOldBundle('2.1.1') },
    '2.2.3': { text: await readOldBundle('2.2.3') },
    bundled: { text: await bundleOldSources() },
  });
});
afterAll(() => pages.close());

describe('pages of the old client, as they are', () => {
  test('the recipe’s client in Chromium and in Firefox: meet, talk, meet again after the server has died, and part', async ({
    stage,
  }) => {
    stage.expectServer(pages.port);
    stage.expectProblem(oldFirefoxProblem);
    const program = await stage.startProgram();
    const url = `http://localhost:${program.signalPort}`;
    const [ana, ben] = await Promise.all([stage.invite('chromium', 'Ana'), stage.invite('firefox', 'Ben')]);
    const page = `http://localhost:${pages.port}/recipe`;
    await openOldPage(ana, { page, url, room: 'Old Room', nick: 'Ana' });
    await openOldPage(ben, { page, url, room: 'Old Room', nick: 'Ben' });
    await expectAllPlay([ana, ben], 1);
    await expectTalk(ana, ben);

    stage.expectProblem(
      /socket\.io.*(ERR_|CORS)|ERR_CONNECTION_REFUSED|can.t establish a connection|Cross-Origin/i,
    );
    await program.kill();
    await program.revive();
    const isBack = ({ told }: { told: readonly string[] }) =>
      told.filter((name) => name === 'connectionReady').length > 1;
    await Promise.all([ana, ben].map((guest) => waitForOld(guest, 'to be back', isBack, 40_000)));
    // The call of before goes on, for no server is needed for that; who is back is somebody new to the other.
    await expectAllPlay([ana, ben], 2);
    await call(ben, 'leaveRoom');
    await waitForOld(ana, 'to see that he went', ({ videos }) => videos.length === 1);
  });

  test('the client bundled anew in Firefox, by polling alone, and the recipe’s in Chromium meet, talk and part', async ({
    stage,
  }) => {
    stage.expectServer(pages.port);
    stage.expectProblem(oldFirefoxProblem);
    const program = await stage.startProgram();
    const url = `http://localhost:${program.signalPort}`;
    const [ana, ben] = await Promise.all([stage.invite('firefox', 'Ana'), stage.invite('chromium', 'Ben')]);
    const at = (name: string) => `http://localhost:${pages.port}/${name}`;
    const options = { socketio: { transports: ['polling'] } };
    await openOldPage(ana, { page: at('bundled'), url, room: 'Old Room', nick: 'Ana', options });
    await openOldPage(ben, { page: at('recipe'), url, room: 'Old Room', nick: 'Ben' });
    await expectAllPlay([ana, ben], 1);
    await expectTalk(ana, ben);
    expect(ana.requests.filter((request) => request.includes('transport=websocket'))).toEqual([]);
    await call(ben, 'leaveRoom');
    await waitForOld(ana, 'to be alone', ({ videos }) => videos.length === 0);
  });
});

describe('pages of earlier versions of the old client', () => {
  // Each of them in each browser, and with each other.
  test.for<[string, string]>([
    ['2.1.1', '2.2.3'],
    ['2.2.3', '2.1.1'],
  ])('%s in Chromium and %s in Firefox meet, talk and part', async ([first, second], { stage }) => {
    stage.expectServer(pages.port);
    stage.expectProblem(oldFirefoxProblem);
    const program = await stage.startProgram();
    const url = `http://localhost:${program.signalPort}`;
    const [ana, ben] = await Promise.all([stage.invite('chromium', 'Ana'), stage.invite('firefox', 'Ben')]);
    const at = (name: string) => `http://localhost:${pages.port}/${name}`;
    await openOldPage(ana, { page: at(first), url, room: 'Old Room', nick: 'Ana' });
    await openOldPage(ben, { page: at(second), url, room: 'Old Room', nick: 'Ben' });
    await expectAllPlay([ana, ben], 1);
    await expectTalk(ana, ben);
    await call(ben, 'leaveRoom');
    await waitForOld(ana, 'to be alone', ({ videos }) => videos.length === 0);
  });
});

describe.runIf(isIsolated)('an old page served by https elsewhere', () => {
  test('reaches the server by https: three people see and hear each other', async ({ stage }) => {
    const authority = await createTestAuthority();
    const trustedAuthority = authority.pem;
    const certificate = await authority.certify([machineName], []);
    const secure = await servePages({ recipe: { text: await readOldBundle() } }, certificate);
    onTestFinished(() => secure.close());
    stage.expectServer(secure.port);
    const program = await stage.startProgram({ certificate });
    const guests = await Promise.all(
      ['Ana', 'Ben', 'Cleo'].map((name) => stage.invite('chromium', name, { trustedAuthority })),
    );
    for (const guest of guests) {
      await openOldPage(guest, {
        page: `https://${machineName}:${secure.port}/recipe`,
        url: `https://${machineName}:${program.signalPort}`,
        room: 'three',
        nick: guest.label,
      });
    }
    await expectAllPlay(guests, 2);
  });
});

async function expectAllPlay(guests: readonly Guest[], others: number): Promise<void> {
  await Promise.all(guests.map((guest) => expectOldPagePlays(guest, others, 40_000)));
}
