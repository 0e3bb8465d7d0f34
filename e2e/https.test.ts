import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { BrowserKind } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { gatherRelays } from './media/gather-relays.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated } from './networks/firewall.ts';
import { findMachineAddress } from './networks/machine-address.ts';
import { createTestAuthority, type TestAuthority } from './program/test-authority.ts';
import { test } from './stage.ts';

/** The name of this machine's address in the tests' own network. */
const name = 'calls.example';
const browsers: BrowserKind[] = ['chromium', 'firefox'];

let authority: TestAuthority;
let folder: string;
let flags: string[];

beforeAll(async () => {
  authority = await createTestAuthority();
  const { cert, key } = await authority.certify([name, 'localhost'], [findMachineAddress() ?? '127.0.0.1']);
  folder = await mkdtemp(join(tmpdir(), 'callbox-certificate-'));
  flags = ['--cert', join(folder, 'certificate.pem'), '--key', join(folder, 'key.pem')];
  await writeFile(join(folder, 'certificate.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('over HTTPS, with an authority that the guests’ browsers trust', () => {
  test('Chromium and Firefox see and hear each other', async ({ stage, skip }) => {
    if (!isIsolated) skip('the name is known in the tests’ own network only');
    const program = await stage.startProgram({ flags });
    const trust = { trustedAuthority: authority.pem };
    const [ana, ben] = await Promise.all([
      stage.invite('chromium', 'Ana', trust),
      stage.invite('firefox', 'Ben', trust),
    ]);
    const url = `https://${name}:${program.port}/r/secure`;
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
  });

  test.for(browsers)(
    '%s gets a relay from every address it is given: over UDP, TCP and TLS',
    async (kind, { stage, skip }) => {
      if (!isIsolated) skip('the name is known in the tests’ own network only');
      const program = await stage.startProgram({ flags });
      const guests = await Promise.all([
        stage.invite(kind, 'Ana', { trustedAuthority: authority.pem }),
        stage.invite('chromium', 'Ben', { trustedAuthority: authority.pem }),
      ]);
      for (const guest of guests)
        await enterCall(guest, `https://${name}:${program.port}/r/relays`, 'A guest');
      await expectEveryoneSeesAndHears(guests);
      const trials = await gatherRelays(guests[0]);
      expect(trials.map(({ url }) => url).sort()).toEqual([
        `turn:${name}:${program.port}?transport=tcp`,
        `turn:${name}:${program.turnPort}?transport=udp`,
        `turns:${name}:${program.port}?transport=tcp`,
      ]);
      expect(trials.filter(({ relays }) => relays === 0)).toEqual([]);
    },
  );

  test('plain HTTP to a name that is not this machine’s own is led to HTTPS', async ({ stage, skip }) => {
    if (!isIsolated) skip('the name is known in the tests’ own network only');
    const program = await stage.startProgram({ flags });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority: authority.pem });
    await ana.open(`http://${name}:${program.port}/r/led?transport=relay`);
    await ana.waitFor('heading', 'led');
    expect(ana.url()).toBe(`https://${name}:${program.port}/r/led?transport=relay`);
  });
});

describe('over HTTPS, with an authority that nobody trusts', () => {
  test.for(browsers)('%s warns: the trust of the tests is the browser’s own', async (kind, { stage }) => {
    const program = await stage.startProgram({ flags });
    const ana = await stage.invite(kind, 'Ana');
    await expect(ana.open(`https://localhost:${program.port}/`)).rejects.toThrow(
      /ERR_CERT_AUTHORITY_INVALID|UNKNOWN_ISSUER|certificate/i,
    );
  });
});
