import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { build, defaultClientConditions, preview } from 'vite';
import { expectEveryoneSeesAndHears } from '../media/see-and-hear.ts';
import { findFreePort } from '../program/free-port.ts';
import { test } from '../stage.ts';

const root = join(import.meta.dirname, '../../examples/vanilla-call');

/** Serves the example as its reader would who publishes it. @returns its port. */
async function serveExample(): Promise<number> {
  const outDir = join(import.meta.dirname, '../../artifacts/vanilla-call');
  const shared = {
    configFile: false,
    logLevel: 'error',
    root,
    build: { outDir, emptyOutDir: true },
  } as const;
  await build({ ...shared, resolve: { conditions: ['callbox-source', ...defaultClientConditions] } });
  const port = await findFreePort();
  const server = await preview({ ...shared, preview: { host: 'localhost', port, strictPort: true } });
  onTestFinished(() => server.close());
  return port;
}

test('the example in plain DOM, served elsewhere, is a call: two see and hear each other, and talk', async ({
  stage,
}) => {
  const port = await serveExample();
  stage.expectServer(port);
  const origin = `http://localhost:${port}`;
  const program = await stage.startProgram({ flags: ['--allow-origin', origin] });
  const guests = await Promise.all(['Ana', 'Ben'].map((name) => stage.invite('chromium', name)));
  for (const guest of guests) {
    await guest.open(`${origin}/?server=http://localhost:${program.port}`);
    await guest.fill('textbox', 'Room', 'plain');
    await guest.fill('textbox', 'Your name', guest.label);
    await guest.click('button', 'Join');
  }
  await expectEveryoneSeesAndHears(guests);
  const [ana, ben] = guests;
  await ana?.fill('textbox', 'Message', 'Hello, Ben');
  await ana?.click('button', 'Send');
  await ben?.waitForText('Hello, Ben');
  await ana?.click('button', 'Leave');
  await ana?.waitForText('left');
});
