import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeRelay } from '@callbox/turn';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildProgram } from '../build-program.ts';
import { openOldPage, until } from '../legacy/old-page.ts';
import type { ToldServer } from './ask-check.ts';
import { createProgramWorld } from '../program/running-program.ts';
import { secondsFromNow, timeLimitedCredential } from '../turn/client/credential.ts';
import { serverCertificate } from '../turn/servers/certificate.ts';

const recipe = fileURLToPath(new URL('recipe/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where the recipe's files look for the certificate. */
const keptAt = '/etc/turn';
/** In place of those that everybody knows. */
const [turnPort, turnTlsPort] = ['24053', '24054'];
const stun = { STUNSERVER_URL: 'stun:stun.example:3478' };
const world = createProgramWorld();
let directory: string;
let flags: readonly string[];

beforeAll(async () => {
  buildProgram();
  directory = await mkdtemp(join(tmpdir(), 'callbox-recipe-'));
  const { cert, key } = await serverCertificate();
  await writeFile(join(directory, 'cert.pem'), cert);
  await writeFile(join(directory, 'key.pem'), key);
  for (const name of ['turnserver.conf', 'production.json']) {
    const text = await readFile(join(recipe, name), 'utf8');
    await writeFile(join(directory, name), text.replaceAll(keptAt, directory));
  }
  flags = [
    ['--turnserver-conf', join(directory, 'turnserver.conf')],
    ['--signalmaster-config', join(directory, 'production.json')],
  ].flat();
}, 120_000);
afterEach(() => world.end());
afterAll(() => rm(directory, { recursive: true }));

test('the two files of the recipe become this configuration of Callbox', async () => {
  const main = join(root, 'packages/callbox/dist/main.js');
  const output = execFileSync(process.execPath, [main, 'migrate', ...flags], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...stun },
    encoding: 'utf8',
  });
  await expect(output.replaceAll(directory, keptAt)).toMatchFileSnapshot(join(recipe, 'callbox.golden'));
});

test('one server does what the two of the recipe did, and its old page is told so', async () => {
  const production = join(directory, 'production.json');
  await writeFile(production, (await readFile(production, 'utf8')).replaceAll(':3478', `:${turnPort}`));
  const environment = { ...stun, CALLBOX_TURN_PORT: turnPort, CALLBOX_TURN_TLS_PORT: turnTlsPort };
  const at = await world.start({ flags, environment });
  const headers = { origin: 'http://localhost:8080' };
  const page = await openOldPage(`http://127.0.0.1:${at.signalPort}`, { headers });
  expect(await page.ask('join', 'demo')).toEqual([null, { clients: {} }]);
  await until(() => expect(page.iceServers()).toHaveLength(4));
  const [stuns, turns] = page.iceServers().slice(2);
  expect(stuns?.args[0]).toContainEqual({ urls: ['stun:stun.example:3478'] });
  // What the file says of this very server is told as ours, by the way that the page came.
  const [own, ...foreign] = (turns?.args[0] ?? []) as readonly ToldServer[];
  expect(own?.urls[0]).toBe(`turn:127.0.0.1:${at.turnPort}?transport=udp`);
  expect(foreign).toEqual([
    { urls: [`turn:relay.example:${turnPort}`], username: 'ana', credential: 'correct horse' },
  ]);
  page.wire.cut();
  const where = { transport: 'udp' as const, host: '127.0.0.1', port: at.turnPort };
  const { username = '', credential: password = '' } = own ?? {};
  expect(await probeRelay({ ...where, username, password })).toMatchObject({ ok: true });
  // Another program that has the secret, as the old signaling server had.
  const other = timeLimitedCredential('shared with production.json', secondsFromNow(60));
  expect(await probeRelay({ ...where, ...other })).toMatchObject({ ok: true });
});
