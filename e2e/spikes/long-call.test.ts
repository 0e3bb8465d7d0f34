import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readBrowserVersions } from '../browser/browser-versions.ts';
import type { Guest } from '../browser/guest.ts';
import { enterCall } from '../call/enter-call.ts';
import { expectMediaArrives } from '../media/see-and-hear.ts';
import { machineAddress } from '../networks/isolation.ts';
import type { Program } from '../program/start-program.ts';
import { test } from '../stage.ts';
import { rewritePart } from './rewrite-part.ts';

/** Beyond the first life of all: permissions 5 minutes, channels and allocations 10. */
const MINUTES = Number(process.env['CALL_MINUTES'] ?? 11);
const LOOK_EVERY_MS = 15_000;

interface Session {
  readonly id: number;
  readonly permissions: number;
  readonly channels: number;
  readonly packetsToClient: number;
}

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

/** What the relay carries, by its operator's command. */
function listSessions({ dataDirectory }: Program): readonly Session[] {
  const output = execFileSync(process.execPath, [main, 'sessions', '--json', '--data-dir', dataDirectory]);
  return JSON.parse(output.toString()) as readonly Session[];
}

test(
  'a relayed call of Chromium and Firefox lasts past permissions, channels and allocations',
  { timeout: (MINUTES + 3) * 60_000 },
  async ({ stage }) => {
    const program = await stage.startProgram({
      flags: ({ turnPort }) => ['--turn-url', `turn:${machineAddress}:${turnPort}?transport=udp`],
    });
    const guests: Guest[] = [];
    for (const kind of ['chromium', 'firefox'] as const) {
      const guest = await stage.invite(kind, kind);
      guests.push(guest);
      await enterCall(guest, `${program.origin}/r/long?transport=relay`, kind);
    }
    await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1)));
    const first = await program.figures();
    const begun = listSessions(program);
    const end = performance.now() + MINUTES * 60_000;
    while (performance.now() < end) {
      await sleep(LOOK_EVERY_MS);
      await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1, 10_000)));
    }
    const last = await program.figures();
    // Whoever restarts ICE has other allocations by now: those from the start tell nothing then of what was renewed.
    const carriers = listSessions(program).filter(
      ({ id, packetsToClient }) =>
        packetsToClient - (begun.find((of) => of.id === id)?.packetsToClient ?? 0) > 1_000,
    );
    const lasting = carriers.filter(({ id }) => begun.some((of) => of.id === id));
    const gained = (name: string) => (last[name] ?? 0) - (first[name] ?? 0);
    expect(gained('success_refresh')).toBeGreaterThanOrEqual(2);
    expect(gained('success_create_permission')).toBeGreaterThanOrEqual(1);
    expect(gained('success_channel_bind')).toBeGreaterThanOrEqual(1);
    expect(last['allocations_expired']).toBe(0);
    expect(lasting.length, 'both guests kept the allocation that they began with').toBe(guests.length);
    // Older than a permission lives: they are there because they were renewed.
    for (const { permissions } of lasting) expect(permissions).toBeGreaterThanOrEqual(1);
    // Chromium alone binds channels.
    expect(lasting.some(({ channels }) => channels >= 1)).toBe(true);

    const versions = await readBrowserVersions();
    const lines = [
      `On ${new Date().toISOString().slice(0, 10)}, ${versions.chromium} and ${versions.firefox} held a relayed call over UDP for ${MINUTES} minutes,`,
      `looked at every ${LOOK_EVERY_MS / 1000} seconds: pictures and sound came in both ways each time. After the start there were`,
      `${gained('success_refresh')} Refreshes, ${gained('success_create_permission')} CreatePermissions and ${gained('success_channel_bind')} ChannelBinds, all granted; nothing expired, and both`,
      `still had the allocation that they began with, with permissions that live five minutes. ${gained('allocations_created')} more allocations were made.`,
    ];
    await rewritePart('browsers.md', 'long', lines.join('\n'));
  },
);
