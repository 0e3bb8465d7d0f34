import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import type { BrowserKind } from './browser/guest.ts';
import { whenChecked } from './call/read-check.ts';
import { isIsolated, machineAddress, machineName } from './networks/isolation.ts';
import { findProgram } from './program/find-program.ts';
import { startCoturn, type Coturn, type CoturnAccess } from './program/start-coturn.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test } from './stage.ts';

// Somebody keeps the relay that they have: it is checked as ours is.

let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName], []);
});

/** The relay that somebody has already: at 3478 and, by TLS, at 443. */
async function runCoturn(access: CoturnAccess): Promise<Coturn> {
  const coturn = await startCoturn({ prefix: [], ipv4: machineAddress, ipv6: null }, access, certificate);
  onTestFinished(() => coturn.stop());
  return coturn;
}

describe.runIf(isIsolated)('the check of a coturn beside our relay', () => {
  test('finds the ways of ours, and that coturn does not know the secret', async ({ stage, skip }) => {
    if (findProgram(['turnserver']) === null) skip('there is no coturn on this machine');
    await runCoturn({ secret: 'north' });
    const place = `turn:${machineName}:3478?transport=udp`;
    const program = await stage.startProgram({
      certificate,
      flags: ['--ice-server', `${place}&secret=south`],
    });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(`https://${machineName}:${program.port}/check`);
    const { verdict, rows, report } = await whenChecked(ana);
    expect(rows).toMatchObject({ 'relay-udp': 'good', 'relay-tls': 'good', 'relay-other': 'closed' });
    expect(verdict).toBe('good');
    expect(report).toContain(`relay-other: FAILED, refused (${place}`);
  });
});

describe.runIf(isIsolated)('the check of a coturn in place of our relay', () => {
  test.for<[string, BrowserKind, CoturnAccess, string]>([
    ['a shared secret', 'chromium', { secret: 'north' }, 'secret=north'],
    [
      'a user’s password',
      'firefox',
      { username: 'ana', password: 'p & w' },
      'username=ana&credential=p%20%26%20w',
    ],
  ])('finds every way open by %s in %s', async ([, kind, access, credentials], { stage, skip }) => {
    if (findProgram(['turnserver']) === null) skip('there is no coturn on this machine');
    const coturn = await runCoturn(access);
    const urls = [
      `turn:${machineName}:3478?transport=udp`,
      `turn:${machineName}:3478?transport=tcp`,
      `turns:${machineName}:443?transport=tcp`,
    ];
    const program = await stage.startProgram({
      certificate,
      flags: [
        '--roles',
        'signaling,web',
        ...urls.flatMap((url) => ['--ice-server', `${url}&${credentials}`]),
      ],
    });
    const ana = await stage.invite(kind, 'Ana', { trustedAuthority });
    await ana.open(`https://${machineName}:${program.port}/check`);
    const { verdict, rows } = await whenChecked(ana);
    expect(rows).toMatchObject({
      mapping: 'good',
      'relay-udp': 'good',
      'relay-tcp': 'good',
      'relay-tls': 'good',
    });
    expect(verdict).toBe('good');
    // By coturn's own log: both ends of three calls.
    expect(coturn.counts().allocations).toBeGreaterThanOrEqual(6);
  });
});
