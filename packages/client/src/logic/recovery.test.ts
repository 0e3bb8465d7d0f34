import { describe, expect, it } from 'vitest';
import {
  createRecovery,
  judgeLink,
  judgeStates,
  nextLookAtMs,
  stepRecovery,
  type Recovery,
  type RecoveryAction,
  type RecoveryInput,
} from './recovery.ts';

/** Plays inputs to a recovery, and lets it look whenever it wanted to. */
function play(polite: boolean) {
  let recovery: Recovery = createRecovery(polite, 0);
  let nowMs = 0;
  const actions: [atMs: number, action: RecoveryAction][] = [];
  /** What every look brings to light; null leaves it unanswered. */
  let seen: 'flowing' | 'idle' | 'silent' | null = null;

  function take(input: RecoveryInput): void {
    const result = stepRecovery(recovery, input, nowMs);
    recovery = result.recovery;
    if (result.action !== null) actions.push([nowMs, result.action]);
    if (result.action === 'look' && seen !== null) take(seen);
  }

  return {
    actions,
    take,
    see: (next: typeof seen) => {
      seen = next;
    },
    get recovery() {
      return recovery;
    },
    /** Lets time pass until then, looking when due. */
    passTo(untilMs: number) {
      for (;;) {
        const atMs = nextLookAtMs(recovery, nowMs);
        if (atMs === null || atMs > untilMs) break;
        nowMs = atMs;
        take('due');
      }
      nowMs = untilMs;
    },
    link: (state: RTCPeerConnectionState) => judgeLink(recovery, state, nowMs),
  };
}

describe('mending a connection', () => {
  it('restarts at once when ICE has failed', () => {
    const played = play(false);
    played.take('connected');
    played.passTo(1_000);
    played.take('ice-failed');
    expect(played.actions).toEqual([[1_000, 'restart']]);
  });

  it('restarts at once when the very first attempt has failed, and again in 5 s', () => {
    const played = play(false);
    played.passTo(2_000);
    played.take('ice-failed');
    played.passTo(7_000);
    expect(played.actions).toEqual([
      [2_000, 'restart'],
      [7_000, 'restart'],
    ]);
  });

  it('gives a lost consent check 2.5 s to pass, and does nothing if it does', () => {
    const played = play(false);
    played.take('connected');
    played.take('disconnected');
    played.passTo(2_499);
    expect(played.actions).toEqual([]);
    played.take('connected');
    played.passTo(60_000);
    expect(played.actions).toEqual([]);
  });

  it.each(['silent', 'idle'] as const)('then looks, and restarts when it is %s', (seen) => {
    const played = play(false);
    played.take('connected');
    played.take('disconnected');
    played.see(seen);
    played.passTo(2_500);
    expect(played.actions).toEqual([
      [2_500, 'look'],
      [2_500, 'restart'],
    ]);
  });

  it('leaves a connection alone that the browser doubts while media flows, and looks again', () => {
    const played = play(false);
    played.take('connected');
    played.take('disconnected');
    played.see('flowing');
    played.passTo(6_000);
    expect(played.actions).toEqual([
      [2_500, 'look'],
      [5_000, 'look'],
    ]);
    played.see('silent');
    played.passTo(7_500);
    expect(played.actions.slice(2)).toEqual([
      [7_500, 'look'],
      [7_500, 'restart'],
    ]);
  });

  it('takes a look that never ends for silence', () => {
    const played = play(true);
    played.take('connected');
    played.take('disconnected');
    played.passTo(6_499);
    expect(played.actions).toEqual([[2_500, 'look']]);
    played.passTo(6_500);
    expect(played.actions.at(-1)).toEqual([6_500, 'restart']);
  });

  it.each([
    ['flowing', []],
    ['idle', []],
    ['silent', [[0, 'restart']]],
  ] as const)('when it has a reason to suspect, and media is %s, does %j', (seen, expected) => {
    for (const polite of [true, false]) {
      const played = play(polite);
      played.take('connected');
      played.see(seen);
      played.take('suspected');
      played.passTo(4_000);
      expect(played.actions).toEqual([[0, 'look'], ...expected]);
    }
  });

  it('looks at once when there is a reason to suspect what the browser doubts already', () => {
    const played = play(false);
    played.take('connected');
    played.take('disconnected');
    played.passTo(1_000);
    played.see('silent');
    played.take('suspected');
    expect(played.actions).toEqual([
      [1_000, 'look'],
      [1_000, 'restart'],
    ]);
  });

  it('does not look at what is being mended, nor heeds what an old look says', () => {
    const played = play(false);
    played.take('connected');
    played.take('ice-failed');
    played.take('suspected');
    played.take('flowing');
    played.take('silent');
    played.passTo(4_999);
    expect(played.actions).toEqual([[0, 'restart']]);
  });

  it('restarts when the relay was replaced: the impolite side at once, the other if nothing came by then', () => {
    const [impolite, polite, told] = [play(false), play(true), play(true)];
    for (const played of [impolite, polite, told]) {
      played.take('connected');
      played.take('relay-lost');
    }
    told.take('remote-offered');
    for (const played of [impolite, polite, told]) played.passTo(1_000);
    expect(impolite.actions).toEqual([[0, 'restart']]);
    expect(polite.actions).toEqual([[1_000, 'restart']]);
    expect(told.actions).toEqual([]);
  });

  it('looks for a way without a detour only while nothing is being mended', () => {
    const played = play(false);
    played.take('connected');
    played.take('detoured');
    played.take('detoured');
    expect(played.actions).toEqual([[0, 'restart']]);
    played.take('connected');
    expect(played.recovery).toMatchObject({ next: null, attempts: 0 });
  });

  it('lets the impolite side go first by a second', () => {
    const played = play(true);
    played.take('connected');
    played.take('ice-failed');
    played.passTo(999);
    expect(played.actions).toEqual([]);
    played.passTo(1_000);
    expect(played.actions).toEqual([[1_000, 'restart']]);
  });

  it('stays its hand on the polite side once the other has offered', () => {
    const played = play(true);
    played.take('connected');
    played.take('ice-failed');
    played.passTo(500);
    played.take('remote-offered');
    played.passTo(6_499);
    expect(played.actions).toEqual([]);
    played.passTo(6_500);
    expect(played.actions).toEqual([[6_500, 'restart']]);
  });

  it('tries restarts further and further apart, then builds anew, and never stops', () => {
    const played = play(false);
    played.take('connected');
    played.take('ice-failed');
    played.passTo(130_000);
    expect(played.actions).toEqual([
      [0, 'restart'],
      [5_000, 'restart'],
      [13_000, 'restart'],
      [25_000, 'rebuild'],
      [40_000, 'rebuild'],
      [70_000, 'rebuild'],
      [100_000, 'rebuild'],
      [130_000, 'rebuild'],
    ]);
  });

  it('does not answer a storm of failures with a storm of restarts', () => {
    const played = play(false);
    played.take('connected');
    for (let count = 0; count < 20; count += 1) played.take('ice-failed');
    expect(played.actions).toEqual([[0, 'restart']]);
  });

  it.each(['transport-failed', 'negotiation-failed'] as const)(
    'builds anew at once after %s, where a restart cannot help, but only once at a time',
    (input) => {
      const played = play(false);
      played.take('connected');
      played.take(input);
      played.take(input);
      expect(played.actions).toEqual([[0, 'rebuild']]);
      played.passTo(15_000);
      expect(played.actions.at(-1)).toEqual([15_000, 'rebuild']);
    },
  );

  it('on the polite side has a broken connection replaced even if it looks well meanwhile', () => {
    const played = play(true);
    played.take('connected');
    played.take('negotiation-failed');
    played.take('connected');
    played.take('network-changed');
    played.passTo(1_000);
    expect(played.actions).toEqual([[1_000, 'rebuild']]);
    played.take('connected');
    played.passTo(17_000);
    expect(played.actions.at(-1)).toEqual([17_000, 'rebuild']);
    played.take('remote-offered');
    played.take('connected');
    played.passTo(100_000);
    expect(played.actions).toHaveLength(2);
  });

  it('builds anew when the first connection is not up after 15 s', () => {
    const played = play(false);
    played.passTo(15_000);
    expect(played.actions).toEqual([[15_000, 'rebuild']]);
  });

  it('lets the polite side wait for the first offer a second longer than the other', () => {
    const played = play(true);
    played.take('remote-offered');
    played.passTo(15_999);
    expect(played.actions).toEqual([]);
    played.passTo(16_000);
    expect(played.actions).toEqual([[16_000, 'rebuild']]);
  });

  it('minds a connection that the other side has replaced like any new one', () => {
    const played = play(true);
    played.take('connected');
    played.take('replaced');
    expect(played.actions).toEqual([]);
    played.passTo(15_999);
    expect(played.actions).toEqual([]);
    played.passTo(16_000);
    expect(played.actions).toEqual([[16_000, 'rebuild']]);
  });

  it('restarts at once on a change of network, on either side, even if all looks well', () => {
    for (const polite of [true, false]) {
      const played = play(polite);
      played.take('connected');
      played.take('network-changed');
      expect(played.actions).toEqual([[0, 'restart']]);
    }
  });

  it('begins afresh after each success', () => {
    const played = play(false);
    played.take('connected');
    played.take('ice-failed');
    played.passTo(20_000);
    played.take('connected');
    expect(played.recovery).toMatchObject({ next: null, attempts: 0, dueAtMs: null });
    played.take('ice-failed');
    expect(played.actions.at(-1)).toEqual([20_000, 'restart']);
  });
});

describe('what is shown of a connection', () => {
  it('is connecting at first, connected when up, and reconnecting only after that', () => {
    const played = play(false);
    expect(played.link('connecting')).toBe('connecting');
    played.take('connected');
    expect(played.link('connected')).toBe('connected');
    played.take('disconnected');
    expect(played.link('disconnected')).toBe('reconnecting');
  });

  it('is failed after 40 s without success, and connected again if it comes back', () => {
    const played = play(false);
    played.take('connected');
    played.take('ice-failed');
    played.passTo(39_999);
    expect(played.link('failed')).toBe('reconnecting');
    played.passTo(40_000);
    expect(played.link('failed')).toBe('failed');
    played.take('connected');
    expect(played.link('connected')).toBe('connected');
  });

  it('is told in time: a look is due when hope ends, though no attempt is', () => {
    const recovery = { ...createRecovery(false, 0), dueAtMs: 60_000 };
    expect(nextLookAtMs(recovery, 1_000)).toBe(40_000);
    expect(nextLookAtMs(recovery, 40_000)).toBe(60_000);
  });
});

describe('reading the states of a connection', () => {
  it('tells a failure of ICE from one that ICE does not explain', () => {
    expect(judgeStates('failed', 'failed')).toBe('ice-failed');
    expect(judgeStates('disconnected', 'failed')).toBe('ice-failed');
    expect(judgeStates('failed', 'connected')).toBe('transport-failed');
    expect(judgeStates('failed', 'completed')).toBe('transport-failed');
    expect(judgeStates('failed', 'disconnected')).toBeNull();
  });

  it('knows up, in doubt and on the way', () => {
    expect(judgeStates('connected', 'completed')).toBe('connected');
    expect(judgeStates('disconnected', 'disconnected')).toBe('disconnected');
    expect(judgeStates('connecting', 'checking')).toBeNull();
    expect(judgeStates('new', 'new')).toBeNull();
  });
});
