import { describe, expect, onTestFinished } from 'vitest';
import { expectTalk } from './legacy/expect-talk.ts';
import {
  call,
  expectFileArrives,
  expectOldPagePlays,
  openOldPage,
  readOldPage,
  waitForOld,
} from './legacy/old-guest.ts';
import { servePages } from './legacy/page-server.ts';
import { test } from './stage.ts';

/** What browsers write to their console about a server that is gone. */
const serverIsGone = /ERR_|CORS|Cross-Origin|WebSocket|can.t establish a connection|Failed to load resource/i;

/** Two browsers of two kinds are much for a machine with two busy cores. */
const patienceMs = 60_000;

describe('pages with the class in place of the old client', () => {
  test(
    'in Firefox and in Chromium: meet, talk, send files, outlive the server without noticing, and part',
    { timeout: 240_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const url = `http://localhost:${program.signalPort}`;
      const pages = await servePages({ living: { url: `${url}/simplewebrtc.js` } });
      onTestFinished(() => pages.close());
      stage.expectServer(pages.port);
      const page = `http://localhost:${pages.port}/living`;
      const ana = await stage.invite('firefox', 'Ana');
      const ben = await stage.invite('chromium', 'Ben');
      const both = [ana, ben] as const;
      await openOldPage(ana, { page, url, room: 'Living Room', nick: 'Ana' });
      await openOldPage(ben, { page, url, room: 'Living Room', nick: 'Ben' });
      await Promise.all(both.map((guest) => expectOldPagePlays(guest, 1, patienceMs)));
      await expectTalk(ana, ben);
      await expectFileArrives(ana, ben);
      await expectFileArrives(ben, ana);

      stage.expectProblem(serverIsGone);
      const before = await Promise.all(both.map(readOldPage));
      await program.kill();
      await Promise.all(both.map((guest) => expectOldPagePlays(guest, 1, patienceMs)));
      await call(ana, 'sendToAll', 'chat', { message: 'said while nobody listens', nick: 'Ana' });
      await program.revive();
      const isSaid = (line: unknown) => JSON.stringify(line).includes('said while nobody listens');
      await waitForOld(
        ben,
        'to read what was said meanwhile',
        ({ messages }) => messages.some(isSaid),
        patienceMs,
      );
      await Promise.all(both.map((guest) => expectOldPagePlays(guest, 1, patienceMs)));
      const after = await Promise.all(both.map(readOldPage));
      for (const [index, { told, videos }] of after.entries()) {
        expect({ told, videos }).toEqual({ told: before[index]?.told, videos: before[index]?.videos });
      }

      await call(ben, 'leaveRoom');
      await waitForOld(ana, 'to see that he went', ({ videos }) => videos.length === 0);
    },
  );
});
