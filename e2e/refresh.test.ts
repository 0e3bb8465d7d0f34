import { createTurnServer, type TurnServer } from '@callbox/turn';
import { describe, expect } from 'vitest';
import type { BrowserKind } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
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
        const guests = [];
        for (const kind of kinds) {
          const guest = await stage.invite(kind, kind);
          guests.push(guest);
          await enterCall(guest, `${program.origin}/r/long?transport=relay`, kind);
        }
        await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1)));
        const { allocations_created: created } = relay.server.counters();
        const firstLifeEnds = performance.now() + ALLOCATION_SECONDS * 1000;
        await until(
          'the first life of both allocations to be over, and each to be refreshed',
          () => {
            const { success_refresh: refreshes = 0 } = relay.server.counters();
            const found = performance.now() > firstLifeEnds && refreshes >= 2;
            return found ? { found, value: null } : { found: false, seen: refreshes };
          },
          3 * ALLOCATION_SECONDS * 1000,
        );
        await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1)));
        // Those of the beginning live on, and nobody has had to make another.
        const counters = relay.server.counters();
        expect(counters['allocations_expired']).toBe(0);
        expect(counters['allocations_created']).toBe(created);
      } finally {
        await relay.server.stop();
      }
    },
  );
});

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
