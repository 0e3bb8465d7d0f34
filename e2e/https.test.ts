import { beforeAll, describe, expect } from 'vitest';
import type { BrowserKind } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { gatherRelays } from './media/gather-relays.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated, machineName } from './networks/isolation.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test } from './stage.ts';

const browsers: BrowserKind[] = ['chromium', 'firefox'];

let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName, 'localhost'], []);
});

describe.runIf(isIsolated)('over HTTPS, with an authority that the guests’ browsers trust', () => {
  test('Chromium and Firefox see and hear each other', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const [ana, ben] = await Promise.all([
      stage.invite('chromium', 'Ana', { trustedAuthority }),
      stage.invite('firefox', 'Ben', { trustedAuthority }),
    ]);
    const url = `https://${machineName}:${program.port}/r/secure`;
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
  });

  test.for(browsers)(
    '%s gets a relay from every address it is given: over UDP, TCP and TLS',
    async (kind, { stage }) => {
      const program = await stage.startProgram({ certificate });
      const [ana, ben] = await Promise.all([
        stage.invite(kind, 'Ana', { trustedAuthority }),
        stage.invite('chromium', 'Ben', { trustedAuthority }),
      ]);
      const url = `https://${machineName}:${program.port}/r/relays`;
      await enterCall(ana, url, 'Ana');
      await enterCall(ben, url, 'Ben');
      await expectEveryoneSeesAndHears([ana, ben]);
      const trials = await gatherRelays(ana);
      expect(trials.map((trial) => trial.url)).toEqual([
        `turn:${machineName}:${program.turnPort}?transport=udp`,
        `turn:${machineName}:${program.port}?transport=tcp`,
        `turns:${machineName}:${program.port}?transport=tcp`,
      ]);
      expect(trials.filter(({ relays }) => relays === 0)).toEqual([]);
    },
  );

  test('plain HTTP to a name that is not this machine’s own is led to HTTPS', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(`http://${machineName}:${program.port}/r/led?transport=relay`);
    await ana.waitFor('heading', 'led');
    expect(ana.url()).toBe(`https://${machineName}:${program.port}/r/led?transport=relay`);
  });
});

describe('over HTTPS, with an authority that nobody trusts', () => {
  test.for(browsers)('%s warns: the trust of the tests is the browser’s own', async (kind, { stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite(kind, 'Ana');
    await expect(ana.open(`https://localhost:${program.port}/`)).rejects.toThrow(
      /ERR_CERT_AUTHORITY_INVALID|UNKNOWN_ISSUER|certificate/i,
    );
  });
});
