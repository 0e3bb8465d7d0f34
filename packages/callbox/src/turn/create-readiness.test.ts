import type { RelayProbe } from '@callbox/turn';
import { expect, test, vi } from 'vitest';
import { createReadiness, type ReadinessOptions, type RelayDoor } from './create-readiness.ts';

const udp: RelayDoor = { transport: 'udp', host: '127.0.0.1', port: 3478 };
const tcp: RelayDoor = { transport: 'tcp', host: '127.0.0.1', port: 8080 };
const passed: RelayProbe = {
  ok: true,
  roundTripMs: 1.2345,
  setUpMs: 2,
  mappedAddress: '127.0.0.1',
  relayedAddress: '127.0.0.1',
  relayed: '127.0.0.1:61000',
};
const failed: RelayProbe = { ok: false, step: 'allocate', reason: '401', answeredCode: 401 };

function createFixture(options: Partial<ReadinessOptions> = {}) {
  const clock = { nowMs: 0 };
  const probe = vi.fn(() => Promise.resolve(passed));
  let issued = 0;
  const look = createReadiness({
    isListening: () => true,
    doors: () => [udp, tcp],
    issue: () => {
      issued += 1;
      const iceServers = [{ urls: ['turn:x'], username: `user ${issued}`, credential: 'secret' }];
      return { iceServers, lifetimeSeconds: 600 };
    },
    now: () => clock.nowMs,
    probe,
    ...options,
  });
  return { clock, probe, look };
}

test('it is ready when a packet came back by every way, with credentials made for it', async () => {
  const { probe, look } = createFixture();
  expect(await look()).toEqual({
    isReady: true,
    report: {
      status: 'ready',
      relay: [
        { transport: 'udp', ok: true, roundTripMs: 1.23 },
        { transport: 'tcp', ok: true, roundTripMs: 1.23 },
      ],
    },
  });
  const credential = { username: 'user 1', password: 'secret', timeoutMs: 2_000 };
  expect(probe.mock.calls).toEqual([[{ ...udp, ...credential }], [{ ...tcp, ...credential }]]);
});

test('it is not when one way is closed, and says which and why', async () => {
  const { probe, look } = createFixture();
  probe.mockResolvedValueOnce(passed).mockResolvedValueOnce(failed);
  expect(await look()).toMatchObject({
    isReady: false,
    report: { relay: [{ ok: true }, { transport: 'tcp', ok: false, step: 'allocate', reason: '401' }] },
  });
});

test('an answer is kept for five seconds, and all who ask meanwhile share it', async () => {
  const { clock, probe, look } = createFixture({ doors: () => [udp] });
  await Promise.all([look(), look()]);
  clock.nowMs = 4_999;
  await look();
  expect(probe).toHaveBeenCalledTimes(1);
  clock.nowMs = 5_000;
  probe.mockResolvedValueOnce(failed);
  expect((await look()).isReady).toBe(false);
  expect(probe).toHaveBeenCalledTimes(2);
});

test.each([
  ['nothing listens yet', { isListening: () => false }, { isReady: false, report: { status: 'starting' } }],
  ['no relay runs here', { doors: () => [] }, { isReady: true, report: { status: 'ready' } }],
  [
    'guests get no relay any more',
    { issue: () => ({ iceServers: [{ urls: ['stun:x'] }], lifetimeSeconds: 600 }) },
    { isReady: false, report: { status: 'not ready', relay: 'closed to new guests' } },
  ],
])('where %s, no packet is sent', async (_where, options, expected) => {
  const { probe, look } = createFixture(options);
  expect(await look()).toEqual(expected);
  expect(probe).not.toHaveBeenCalled();
});
