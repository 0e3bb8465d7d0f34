import { createRequire } from 'node:module';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { describe, expect } from 'vitest';
import { en } from '../apps/web/src/locales/en.ts';
import type { BrowserKind } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated, machineAddress, machineName } from './networks/isolation.ts';
import type { Program } from './program/start-program.ts';
import { openTestAuthority } from './program/test-authority.ts';
import { test } from './stage.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browsers: BrowserKind[] = ['chromium', 'firefox'];

/** Fetches the authority as a telephone does, and returns it in PEM. */
async function fetchAuthority(program: Program, basePath = '/'): Promise<string> {
  const response = await fetch(`http://${machineAddress}:${program.port}${basePath}ca.crt`);
  expect(response.headers.get('content-type')).toBe('application/x-x509-ca-cert');
  return new X509Certificate(Buffer.from(await response.arrayBuffer())).toString();
}

describe.runIf(isIsolated)('a browser with this server’s own authority installed', () => {
  test('lets two people call by the bare address, without a warning', async ({ stage }) => {
    const program = await stage.startProgram();
    const trustedAuthority = await fetchAuthority(program);
    const [ana, ben] = await Promise.all([
      stage.invite('chromium', 'Ana', { trustedAuthority }),
      stage.invite('firefox', 'Ben', { trustedAuthority }),
    ]);
    const url = `https://${machineAddress}:${program.port}/r/trusted`;
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
  });

  test('is led from the start page to the page of the authority, under whatever path they are', async ({
    stage,
  }) => {
    const program = await stage.startProgram({ flags: ['--base-path', '/calls/'] });
    const trustedAuthority = await fetchAuthority(program, '/calls/');
    expect(program.output()).toMatch(/install the certificate from http:\/\/[^/]+\/calls\/ca\n/);
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(`https://${machineAddress}:${program.port}/calls/`);
    await ana.click('link', en['check.trust']);
    await ana.waitFor('heading', en['check.trust']);
    expect(ana.url()).toBe(`https://${machineAddress}:${program.port}/calls/ca`);
    await ana.click('link', '中文');
    await ana.waitFor('heading', '让这台设备信任本服务器');
    await ana.click('link', '回到 Callbox');
    await ana.waitFor('button', en['home.start']);
  });

  test.for(browsers)('refuses what it signed for another name: %s', async (kind, { stage }) => {
    const home = await stage.startProgram();
    const trustedAuthority = await fetchAuthority(home);
    const key = await readFile(join(home.dataDirectory, 'local-authority-key.pem'), 'utf8');
    const stolen = await openTestAuthority(trustedAuthority, key);
    const ana = await stage.invite(kind, 'Ana', { trustedAuthority });
    const asItself = await stage.startProgram({ certificate: await stolen.certify([], [machineAddress]) });
    await ana.open(`https://${machineAddress}:${asItself.port}/`);
    await ana.waitFor('button', en['home.start']);

    const asAnother = await stage.startProgram({ certificate: await stolen.certify([machineName], []) });
    await expect(ana.open(`https://${machineName}:${asAnother.port}/`)).rejects.toThrow(
      /ERR_CERT_INVALID|ERR_CERT_NAME_CONSTRAINT|CERT_NOT_IN_NAME_SPACE|certificate/i,
    );
  });
});

describe('the page that offers the authority', () => {
  test.for([
    { locale: 'en-US', title: 'Let this device trust this server' },
    { locale: 'zh-CN', title: '让这台设备信任本服务器' },
  ])('can be read by everybody in $locale', async ({ locale, title }, { stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana', { locale });
    await ana.open(`${program.origin}/ca`);
    await ana.waitFor('heading', title);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 375, height: 740 },
      ]) {
        await ana.appear({ colorScheme, viewport });
        await ana.run(axeSource);
        const barriers = await ana.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
          const { scrollWidth, clientWidth } = document.documentElement;
          const found = (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
          return scrollWidth > clientWidth ? [...found, 'wider than the window'] : found;
        }, null);
        expect(barriers, `${colorScheme}, ${viewport.width} wide`).toEqual([]);
      }
    }
    expect(ana.problems).toEqual([]);
  });
});
