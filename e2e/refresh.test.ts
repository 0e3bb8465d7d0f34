import { createTurnServer, type TurnServer } from '@callbox/turn';
import { describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { sampleLinks } from './media/link-sample.ts';
import { expectMediaArrives } from './media/see-and-hear.ts';
import { isIsolated, machineAddress } from './networks/isolation.ts';
import { findFreePort } from './program/free-port.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

const secret = 'a secret of the relay with short lives';
/** Chromium refreshes at half of a life so short, Firefox a fixed time before its end. */
const ALLOCATION_SECONDS = 20;

/** Permissions and channels, which browsers renew every four minutes whatever their lifetime, need a long call: `npm run long-call`. */
describe.runIf(isIsolated)('a call that outlives the allocations it began with', () => {
  test.for<[BrowserKind, BrowserKind]>([['chromium', 'firefox']])(
    '%s and %s refresh them, and never lose picture or sound',
    async (kinds, { stage }) => {
      const relay = await startShortLivedRelay();
      try {
        const program = await stage.startProgram({
          flags: [
            '--roles',
            'signaling,web',
            '--turn-secret',
            secret,
            '--turn-url',
            `turn:${machineAddress}:${relay.port}?transport=udp`,
          ],
        });
        const guests: Guest[] = [];
        for (const kind of kinds) {
          const guest = await stage.invite(kind, kind);
          guests.push(guest);
          await enterCall(guest, `${program.origin}/r/long?transport=relay`, kind);
        }
        await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1)));
        await untilOutlived(guests);
        await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1)));
        expect(relay.server.counters()['success_refresh']).toBeGreaterThanOrEqual(2);
      } finally {
        await relay.server.stop();
      }
    },
  );
});

/**
 * Waits until media of both has gone by the same two allocations for longer than one can live that nobody refreshes. A machine that is
 * busy with other things may make a browser begin anew with others: then these are watched.
 */
async function untilOutlived(guests: readonly Guest[]): Promise<void> {
  let ways = '';
  let sinceMs = performance.now();
  await until(
    'a call to go by the same allocations for longer than they live',
    async () => {
      const links = await Promise.all(guests.map(sampleLinks));
      const now = links
        .map(([link]) => `${link?.state} ${link?.path?.local.type} ${link?.path?.local.port}`)
        .join(', ');
      if (now !== ways) sinceMs = performance.now();
      ways = now;
      const isRelayed = links.every(([link]) => link?.path?.local.type === 'relay');
      return isRelayed && performance.now() - sinceMs > 1.5 * ALLOCATION_SECONDS * 1000
        ? { found: true, value: null }
        : { found: false, seen: ways };
    },
    8 * ALLOCATION_SECONDS * 1000,
  );
}

async function startShortLivedRelay(): Promise<{ readonly server: TurnServer; readonly port: number }> {
  const port = await findFreePort();
  const server = createTurnServer({
    realm: 'callbox',
    sharedSecrets: [secret],
    listeners: [{ transport: 'udp', address: machineAddress, port }],
    relayAddresses: [{ local: machineAddress, advertised: machineAddress }],
    relayPorts: { min: 61_000, max: 61_999 },
    lifetimes: { defaultAllocationSeconds: ALLOCATION_SECONDS, maxAllocationSeconds: ALLOCATION_SECONDS },
  });
  await server.start();
  return { server, port };
}
