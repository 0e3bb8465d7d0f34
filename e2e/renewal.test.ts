import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { isIsolated, machineName } from './networks/isolation.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** What the only connection of a page has at the moment. */
interface Standing {
  readonly username: string | undefined;
  /** Changes with each restart of ICE (RFC 8839 §5.4). */
  readonly fragment: string | undefined;
  readonly state: RTCPeerConnectionState | undefined;
  readonly connections: number;
}

function standingOf(guest: Guest): Promise<Standing> {
  return guest.evaluate(() => {
    const { connections } = window.callboxProbe;
    const [connection] = connections;
    return {
      username: connection?.getConfiguration().iceServers?.find((server) => server.username !== undefined)
        ?.username,
      fragment: /a=ice-ufrag:(\S+)/.exec(connection?.currentLocalDescription?.sdp ?? '')?.[1],
      state: connection?.connectionState,
      connections: connections.length,
    };
  }, null);
}

/** Files of a certificate, which the program watches. */
async function keepCertificate(first: CertifiedKey) {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-renewal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const replace = async ({ cert, key }: CertifiedKey): Promise<void> => {
    await writeFile(files.key, key);
    await writeFile(files.cert, cert);
  };
  await replace(first);
  return { flags: ['--cert', files.cert, '--key', files.key], replace };
}

describe.runIf(isIsolated)('credentials of the relay', () => {
  test('are replaced in a call that goes on, and its next restart uses the new ones', async ({ stage }) => {
    const authority = await createTestAuthority();
    const certificate = await keepCertificate(await authority.certify([machineName], []));
    const program = await stage.startProgram({ flags: certificate.flags });
    const trust = { trustedAuthority: authority.pem };
    const [ana, ben] = await Promise.all([
      stage.invite('chromium', 'Ana', trust),
      stage.invite('firefox', 'Ben', trust),
    ]);
    const url = `https://${machineName}:${program.port}/r/long?transport=relay`;
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
    const guests = [ana, ben];
    const before = await Promise.all(guests.map(standingOf));

    // Whether browsers trust the certificate decides what they are told of the relay: a new one is told to everybody.
    await certificate.replace(await authority.certify([machineName], []));
    const renewed = await until('new credentials in both pages', async () => {
      const now = await Promise.all(guests.map(standingOf));
      const isNew = now.every(({ username }, index) => username !== before[index]?.username);
      return isNew ? { found: true, value: now } : { found: false, seen: now };
    });
    expect(renewed).toEqual(
      before.map((standing, index) => ({ ...standing, username: renewed[index]?.username })),
    );
    await expectEveryoneSeesAndHears(guests);

    await ana.evaluate(() => void window.dispatchEvent(new Event('online')), null);
    await until('a restart of ICE', async () => {
      const now = await standingOf(ana);
      const isRestarted = now.fragment !== renewed[0]?.fragment && now.state === 'connected';
      return isRestarted ? { found: true, value: null } : { found: false, seen: now };
    });
    await expectEveryoneSeesAndHears(guests);
    expect((await standingOf(ana)).connections).toBe(1);
  });
});
