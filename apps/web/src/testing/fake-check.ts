import {
  checkWays,
  type CheckFigures,
  type CheckState,
  type CheckWay,
  type ConnectivityCheck,
  type ConnectivitySnapshot,
} from '@callbox/client';
import { createFakeSource } from './fake-source.ts';

const figures: CheckFigures = {
  setUpMs: 84,
  delayMs: undefined,
  lossShare: undefined,
  bitsPerSecond: undefined,
  mappedAddress: undefined,
};

export function works(change: Partial<CheckFigures> = {}): CheckState {
  return { kind: 'good', figures: { ...figures, ...change } };
}

const relayed = (delayMs: number, megabits: number): CheckState =>
  works({ delayMs, lossShare: 0, bitsPerSecond: megabits * 1e6 });

const good: Readonly<Record<CheckWay, CheckState>> = {
  socket: works({ setUpMs: 46 }),
  mapping: works({ mappedAddress: '203.0.113.58' }),
  'relay-udp': relayed(21.4, 11.8),
  'relay-tcp': relayed(23.1, 9.6),
  'relay-tls': relayed(24.6, 9.2),
  'relay-other': { kind: 'absent' },
};
const unreachable: CheckState = { kind: 'failed', reason: 'unreachable', detail: '701 timed out' };

const scenes: Readonly<Record<string, ConnectivitySnapshot>> = {
  good: { state: 'done', ways: good },
  running: {
    state: 'running',
    ways: { ...good, 'relay-tcp': { kind: 'running' }, 'relay-tls': { kind: 'waiting' } },
  },
  slow: {
    state: 'done',
    ways: {
      ...good,
      socket: { kind: 'fallback', figures },
      mapping: unreachable,
      'relay-udp': unreachable,
      'relay-tls': { kind: 'absent' },
      'relay-other': { kind: 'failed', reason: 'refused', detail: 'turn:relay.example: 401 Unauthorized' },
    },
  },
  bad: {
    state: 'done',
    ways: {
      socket: unreachable,
      mapping: unreachable,
      'relay-udp': unreachable,
      'relay-tcp': { kind: 'failed', reason: 'refused', detail: 'status 429' },
      'relay-tls': { kind: 'failed', reason: 'not-connected', detail: '' },
      'relay-other': { kind: 'absent' },
    },
  },
};

export const waiting = Object.fromEntries(checkWays.map((way) => [way, { kind: 'waiting' }])) as Record<
  CheckWay,
  CheckState
>;

/** A check that has come out as a scene wants it. */
export function createFakeCheck(scene: string): ConnectivityCheck {
  const source = createFakeSource<ConnectivitySnapshot>(scenes[scene] ?? { state: 'idle', ways: waiting });
  return {
    get snapshot() {
      return source.snapshot;
    },
    subscribe: (listener) => source.subscribe(listener),
    run: () => Promise.resolve(),
    close() {},
  };
}
