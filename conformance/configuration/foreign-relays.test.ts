import { probeRelay } from '@callbox/turn';
import { examine } from 'callbox';
import { afterEach, describe, expect, test } from 'vitest';
import type { StartedProgram } from '../program/running-program.ts';
import { describeWithPrograms } from '../turn/servers/describe-with-programs.ts';
import { askCheck, type ToldServer } from './ask-check.ts';
import { createConfiguredServers, ports } from './configured-servers.ts';

const servers = createConfiguredServers();
afterEach(() => servers.end());

const usual = [`listening-port=${ports.listening}`, 'realm=elsewhere.example', 'allow-loopback-peers'];
const place = `127.0.0.1:${ports.listening}`;
const alone = { CALLBOX_ROLES: 'signaling' };

/** Whether a packet comes back through the first relay of the list, over this transport. */
async function tryRelay(told: readonly ToldServer[], transport: 'udp' | 'tcp'): Promise<string> {
  const { username = '', credential = '' } = told.find(({ credential }) => credential !== undefined) ?? {};
  const where = { transport, host: '127.0.0.1', port: ports.listening };
  const probe = await probeRelay({ ...where, username, password: credential });
  return probe.ok ? 'relays' : probe.reason;
}

/** What `callbox doctor` finds of relays. */
async function diagnose({ config }: StartedProgram): Promise<readonly string[]> {
  const { findings } = await examine(config, undefined, { timeoutMs: 5_000 });
  return findings.filter(({ layer }) => layer === 'relay').map(({ id }) => id);
}

describeWithPrograms(['turnserver'], () => {
  describe.each([
    ['static users', ['lt-cred-mech', 'user=ana:p & w, #1'], 'username=ana&credential=p%20%26%20w%2C%20%231'],
    ['a shared secret', ['use-auth-secret', 'static-auth-secret=no rth'], 'secret=no%20rth&expiry=600'],
  ])('a coturn with %s in place of our relay', (_what, lines, credentials) => {
    const flags = [
      '--ice-server',
      `turn:${place}?transport=udp&${credentials}`,
      '--ice-server',
      `turn:${place}?transport=tcp&${credentials}`,
    ];

    test('is what guests and the check are told, with credentials that it takes', async () => {
      await servers.startCoturn([...usual, ...lines]);
      const at = await servers.startCallbox([], { flags, environment: alone });
      const guest = await servers.join(at, 'blue', '127.1.0.1');
      expect(guest.urls).toEqual([`turn:${place}?transport=udp`, `turn:${place}?transport=tcp`]);
      const { username, password } = guest.credential;
      const where = { transport: 'udp' as const, host: '127.0.0.1', port: ports.listening };
      expect(await probeRelay({ ...where, username, password })).toMatchObject({ ok: true });
      const told = await askCheck(at.signalPort);
      expect(await tryRelay(told, 'udp')).toBe('relays');
      expect(await tryRelay(told, 'tcp')).toBe('relays');
      expect(await diagnose(at)).toEqual([]);
    });
  });

  test('a coturn beside our relay is told after it, and a wrong secret is found out by trying', async () => {
    await servers.startCoturn([...usual, 'use-auth-secret', 'static-auth-secret=north']);
    const flags = ['--ice-server', `turn:${place}?secret=south`, '--ice-server', `stun:${place}`];
    const at = await servers.startCallbox(['listening-port=24045'], { flags });
    const guest = await servers.join(at, 'blue', '127.1.0.1');
    expect(guest.urls).toEqual([
      'turn:127.0.0.1:24045?transport=udp',
      `turn:127.0.0.1:${at.signalPort}?transport=tcp`,
      `turn:${place}`,
      `stun:${place}`,
    ]);
    const [, foreign] = (await askCheck(at.signalPort)).filter(({ credential }) => credential !== undefined);
    expect(await tryRelay(foreign === undefined ? [] : [foreign], 'udp')).toMatch(/401/u);
    expect(await diagnose(at)).toEqual(['foreign-relay-refuses']);
  });

  test('credentials are renewed before they end', async () => {
    await servers.startCoturn([...usual, 'use-auth-secret', 'static-auth-secret=north']);
    const flags = ['--ice-server', `turn:${place}?secret=north&expiry=10`];
    const at = await servers.startCallbox([], { flags, environment: alone });
    const guest = await servers.join(at, 'blue', '127.1.0.1');
    const endsIn = Number(guest.credential.username.split(':')[0]) - Date.now() / 1_000;
    expect(endsIn).toBeGreaterThan(0);
    expect(endsIn).toBeLessThanOrEqual(10);
    await expect.poll(() => guest.heard(), { timeout: 40_000, interval: 500 }).toContain('ice-servers');
  }, 60_000);
});
