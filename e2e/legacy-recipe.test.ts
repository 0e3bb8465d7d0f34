import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { expectOldPagePlays, oldFirefoxProblem } from './legacy/old-guest.ts';
import { readOldBundle } from './legacy/old-scripts.ts';
import { serveFiles, type PageServer } from './legacy/page-server.ts';
import { isIsolated, machineName, otherName } from './networks/isolation.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';
import { until } from './until.ts';

// Where nobody else is, the server has the port that everybody wrote into their pages.
const signalPort = 8888;
/** Browsers of two kinds, or seven pages, are much for a machine with two busy cores. */
const patienceMs = 60_000;
const recipeServer = 'http://localhost:8888';

let recipePage: string;
let examplePage: string;
let oldClient: string;
let ourScript: string;
let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  [recipePage, examplePage, oldClient, ourScript] = await Promise.all([
    readFile(join(import.meta.dirname, 'legacy/recipe-page.html'), 'utf8'),
    readFile(join(import.meta.dirname, '../examples/simplewebrtc-page/index.html'), 'utf8'),
    readOldBundle(),
    readFile(createRequire(import.meta.url).resolve('@callbox/compat/simplewebrtc.js'), 'utf8'),
  ]);
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName, otherName, 'localhost'], []);
});

/** A server of pages that is gone when the test ends, and that pages may ask. */
async function serve(
  stage: Stage,
  files: Readonly<Record<string, string>>,
  by?: CertifiedKey,
): Promise<PageServer> {
  const pages = await serveFiles(files, by);
  onTestFinished(() => pages.close());
  stage.expectServer(pages.port);
  return pages;
}

/** Two pages see each other, and what one person writes the other reads. */
async function expectCall(guests: readonly [Guest, Guest], field: string): Promise<void> {
  await Promise.all(guests.map((guest) => expectOldPagePlays(guest, 1, patienceMs)));
  const [ana, ben] = guests;
  for (const [from, to] of [
    [ana, ben],
    [ben, ana],
  ] as const) {
    const words = `Here is ${from.label}`;
    await from.fill('textbox', field, words);
    await from.click('button', 'Send');
    await to.waitForText(words);
  }
}

describe.runIf(isIsolated)('the page of the recipe, word for word', () => {
  const bundle = '/simplewebrtc-with-adapter.bundle.js';

  test('at another port of localhost: two windows see each other and talk', async ({ stage }) => {
    await stage.startProgram({ signalPort });
    const pages = await serve(stage, { '/': recipePage, [bundle]: oldClient });
    const guests = [await stage.invite('chromium', 'Ana'), await stage.invite('chromium', 'Ben')] as const;
    for (const guest of guests) await guest.open(`http://localhost:${pages.port}/?${guest.label}`);
    await expectCall(guests, 'Line');
  });

  test('by https, at another host: Chromium and Firefox see each other and talk', async ({ stage }) => {
    stage.expectProblem(oldFirefoxProblem);
    const page = recipePage.replace(recipeServer, `https://${machineName}:${signalPort}`);
    const pages = await serve(stage, { '/': page, [bundle]: oldClient }, certificate);
    const origin = `https://${otherName}:${pages.port}`;
    await stage.startProgram({ certificate, signalPort, flags: ['--allow-origin', origin] });
    const guests = [
      await stage.invite('chromium', 'Ana', { trustedAuthority }),
      await stage.invite('firefox', 'Ben', { trustedAuthority }),
    ] as const;
    for (const guest of guests) await guest.open(`${origin}/?${guest.label}`);
    await expectCall(guests, 'Line');
  });
});

describe.runIf(isIsolated)('the example with the class in place of the old client', () => {
  test('as it is in the repository: two windows see each other, talk and show a screen', async ({
    stage,
  }) => {
    await stage.startProgram({ signalPort });
    const pages = await serve(stage, { '/': examplePage, '/favicon.ico': '' });
    const guests = [await stage.invite('chromium', 'Ana'), await stage.invite('firefox', 'Ben')] as const;
    for (const guest of guests) await guest.open(`http://localhost:${pages.port}/?demo`);
    await expectCall(guests, 'Say something:');
    const [ana, ben] = guests;
    await ana.click('button', 'Share a screen');
    await waitForScreens(ben, 1);
    await ana.click('button', 'Share a screen');
    await waitForScreens(ben, 0);
  });
});

describe.runIf(isIsolated)('what the class says in the console of a page that cannot call', () => {
  test('is the sentence for the place where the page lives', async ({ stage }) => {
    stage.expectProblem(/net::ERR_|Mixed Content|CORS|WebSocket connection|Failed to load resource/);
    // The server of the page is not always ours, and what it asks for there is all that is wrong.
    stage.expectProblem(/asked a stranger: (file|http:\/\/127\.0\.0\.1:|wss?:\/\/)/);
    await stage.startProgram({ certificate, signalPort });
    const pageFor = (server: string) =>
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="/ours.js"></script>
      <script>new SimpleWebRTC({ url: '${server}', media: { audio: false, video: false } })</script>`;
    const byName = `http://${machineName}:${signalPort}`;
    const secure = `https://${machineName}:${signalPort}`;
    const files = {
      '/ours.js': ourScript,
      '/by-http': pageFor(byName),
      '/by-https': pageFor(secure),
      '/to-localhost': pageFor(recipeServer),
      '/to-nobody': pageFor('http://localhost:9'),
    };
    const plain = await serve(stage, files);
    const trusted = await serve(stage, files, certificate);
    // A port at which nobody is.
    stage.expectServer(9);
    const fileUrl = await writePage(
      pageFor(recipeServer).replace('/ours.js', `${recipeServer}/simplewebrtc.js`),
    );

    const distrustful = await stage.invite('chromium', 'Cleo');
    await distrustful.open(`http://localhost:${plain.port}/by-https`);
    const open = async (url: string) => {
      const guest = await stage.invite('chromium', `Guest at ${url}`, { trustedAuthority });
      await guest.open(url);
      return guest;
    };
    const elsewhere = `https://${otherName}:${trusted.port}`;
    const told = [
      [
        await open(`http://${machineName}:${plain.port}/by-http`),
        `give no camera to a page at http://${machineName}`,
      ],
      [await open(`${elsewhere}/by-http`), `write https://${machineName}:${signalPort}`],
      [await open(`${elsewhere}/to-localhost`), 'is the machine of whoever opens the page'],
      [await open(fileUrl), 'A page opened from a file has no origin'],
      // These are known only after a while without an answer.
      [await open(`${elsewhere}/by-https`), `start the server with --allow-origin ${elsewhere}`],
      [await open(`http://localhost:${plain.port}/to-nobody`), 'Nothing answers at http://localhost:9'],
      [distrustful, `If the certificate of ${secure} is not trusted`],
    ] as const;
    for (const [guest, sentence] of told) {
      await until(
        `the console of ${guest.url()} to say "${sentence}"`,
        () => {
          const found = guest.consoleLines.some(
            (line) => line.startsWith('warning: SimpleWebRTC:') && line.includes(sentence),
          );
          return found ? { found, value: null } : { found, seen: guest.consoleLines };
        },
        patienceMs,
      );
    }
    // And where nothing is wrong, nothing is said.
    const well = await open(`http://localhost:${plain.port}/by-https`);
    await until('the page to be ready', () => {
      const found = well.requests.some((request) => request.startsWith(secure.replace('https', 'wss')));
      return found ? { found, value: null } : { found, seen: well.requests };
    });
    expect(well.consoleLines).toEqual([]);
  });
});

async function writePage(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'page.html');
  await writeFile(file, text);
  return pathToFileURL(file).href;
}

async function waitForScreens(guest: Guest, count: number): Promise<void> {
  await until(
    `${guest.label} to be shown ${count} screens`,
    async () => {
      const shown = await guest.evaluate(
        () =>
          [
            ...document.querySelectorAll<HTMLVideoElement>('#remotesVideos video[id$="_screen_incoming"]'),
          ].filter(({ videoWidth, currentTime }) => videoWidth > 0 && currentTime > 0).length,
        null,
      );
      return shown === count ? { found: true, value: null } : { found: false, seen: shown };
    },
    patienceMs,
  );
}
