/** What happened to a connection, as far as mending it goes. */
export type RecoveryInput =
  | 'connected'
  | 'disconnected'
  | 'ice-failed'
  /** The connection failed although ICE did not: a restart of ICE does not help. */
  | 'transport-failed'
  /** A description could not be made or applied: the two sides no longer agree, though media may still flow. */
  | 'negotiation-failed'
  /** The network under the browser changed: what looks connected may be dead. */
  | 'network-changed'
  /** Something hints at that: the machine has slept, the way to the server broke. It proves nothing about this connection. */
  | 'suspected'
  /** The answer to `look`: what came before comes on. */
  | 'flowing'
  /** The answer to `look`: media came until lately, and comes no more. */
  | 'silent'
  /** The answer to `look`: nothing has come lately, nor was to be expected. */
  | 'idle'
  /** The relay that carries this connection is gone, and another is in its place. */
  | 'relay-lost'
  /** All is well, but by a detour: there may be a better way by now. */
  | 'detoured'
  /** The other side began to mend it, by an offer. */
  | 'remote-offered'
  /** The other side had it replaced: a new connection begins. */
  | 'replaced'
  /** `dueAtMs` has come, and all is not well. */
  | 'due';

/** `look`: find out by the statistics whether anything still arrives, and say so. The two others need the other side. */
export type RecoveryAction = 'look' | 'restart' | 'rebuild';

/** How the mending of one connection stands. Times are milliseconds of any one clock. */
export interface Recovery {
  readonly polite: boolean;
  readonly everConnected: boolean;
  /** What is done at `dueAtMs`, unless all is well by then; null while there is nothing to mend. */
  readonly next: RecoveryAction | null;
  readonly dueAtMs: number | null;
  /** An attempt, ours or the other side's, is under way. */
  readonly attempting: boolean;
  /** Attempts since it was last up. */
  readonly attempts: number;
  /** The browser itself has its doubts. */
  readonly doubted: boolean;
  /** The statistics are being looked at. */
  readonly looking: boolean;
  /** Has to be replaced even if it is up. */
  readonly broken: boolean;
  /** Since when it has not been up. */
  readonly troubledSinceMs: number | null;
}

interface RecoveryStep {
  readonly recovery: Recovery;
  /** To be done now. */
  readonly action: RecoveryAction | null;
}

/** A first connection that is not up by then will not come up by waiting: an offer or an answer was lost. */
const connectTimeoutMs = 15_000;
/** Lost consent checks often pass by themselves; mending earlier than this would break what was about to heal. */
const doubtMs = 2_500;
/** A look that brings nothing to light in that time is as good as silence. */
const lookTimeoutMs = 3_000;
/** The polite side lets the other begin, so that both do not act at once. */
const politeLagMs = 1_000;
/** Restarts of ICE before the connection is built anew. */
const restarts = 3;
/** How long each attempt may take, in order; the last value stands for all that follow. */
const attemptWaitsMs = [5_000, 8_000, 12_000, 15_000, 30_000];
/** From then on a person is told that it failed, though the attempts go on. */
const giveUpHopeMs = 40_000;

export function createRecovery(polite: boolean, nowMs: number): Recovery {
  return {
    polite,
    everConnected: false,
    next: 'rebuild',
    dueAtMs: nowMs + connectTimeoutMs + lagOf(polite),
    attempting: false,
    attempts: 0,
    doubted: false,
    looking: false,
    broken: false,
    troubledSinceMs: nowMs,
  };
}

/** One step: what to do now, and how things stand after it. */
export function stepRecovery(recovery: Recovery, input: RecoveryInput, nowMs: number): RecoveryStep {
  const { polite, next, dueAtMs, attempting, attempts, broken, looking } = recovery;
  switch (input) {
    case 'connected':
      return broken ? idle(recovery) : idle({ ...recovery, ...calm });
    case 'disconnected':
      // Whatever is planned already comes sooner than this would, or is under way.
      return next === null || next === 'look'
        ? planIn({ ...recovery, doubted: true }, 'look', doubtMs, nowMs)
        : idle({ ...recovery, doubted: true });
    case 'suspected':
      // What is being mended needs no look.
      return next === null || next === 'look' ? look(recovery, nowMs) : idle(recovery);
    case 'flowing':
    case 'idle':
    case 'silent':
      return looking ? judgeLook(recovery, input, nowMs) : idle(recovery);
    case 'relay-lost':
      // Both sides know, and neither has to wait for the end of an attempt by way of what is gone.
      return broken ? idle(recovery) : planIn({ ...recovery, attempts: 0 }, 'restart', lagOf(polite), nowMs);
    case 'detoured':
      return next === null ? act(recovery, 'restart', nowMs) : idle(recovery);
    case 'ice-failed':
      // While an attempt runs, its own time limit decides: failures at once must not become a storm of restarts.
      return attempting || broken ? idle(recovery) : planIn(recovery, 'restart', lagOf(polite), nowMs);
    case 'transport-failed':
    case 'negotiation-failed':
      return attempting && attempts > restarts
        ? idle({ ...recovery, broken: true })
        : planIn({ ...recovery, broken: true }, 'rebuild', lagOf(polite), nowMs);
    case 'network-changed':
      // Only this side knows, so it waits for nobody.
      return broken ? idle(recovery) : planIn({ ...recovery, attempts: 0 }, 'restart', 0, nowMs);
    case 'remote-offered':
      return next === null ? idle(recovery) : idle(giveTime({ ...recovery, broken: false }, nowMs));
    case 'replaced':
      return idle(act({ ...recovery, broken: false }, 'rebuild', nowMs).recovery);
    case 'due':
      if (next === null || dueAtMs === null || nowMs < dueAtMs) return idle(recovery);
      return next === 'look' ? look(recovery, nowMs) : act(recovery, next, nowMs);
  }
}

/** What the states of a connection say; null where they say nothing new. */
export function judgeStates(
  connectionState: RTCPeerConnectionState,
  iceConnectionState: RTCIceConnectionState,
): RecoveryInput | null {
  if (iceConnectionState === 'failed') return 'ice-failed';
  if (connectionState === 'connected') return 'connected';
  if (connectionState === 'disconnected') return 'disconnected';
  // `connectionState` also covers DTLS: that failed, although ICE did not.
  const iceIsUp = iceConnectionState === 'connected' || iceConnectionState === 'completed';
  return connectionState === 'failed' && iceIsUp ? 'transport-failed' : null;
}

/** What a person is shown. */
export function judgeLink(
  { everConnected, troubledSinceMs }: Recovery,
  connectionState: RTCPeerConnectionState,
  nowMs: number,
): 'connecting' | 'connected' | 'reconnecting' | 'failed' {
  if (connectionState === 'connected') return 'connected';
  if (troubledSinceMs !== null && nowMs - troubledSinceMs >= giveUpHopeMs) return 'failed';
  return everConnected ? 'reconnecting' : 'connecting';
}

/** When `stepRecovery` or `judgeLink` would next say something new by time alone. */
export function nextLookAtMs({ dueAtMs, troubledSinceMs }: Recovery, nowMs: number): number | null {
  const hopelessAtMs = troubledSinceMs === null ? null : troubledSinceMs + giveUpHopeMs;
  if (hopelessAtMs === null || hopelessAtMs <= nowMs) return dueAtMs;
  return dueAtMs === null ? hopelessAtMs : Math.min(dueAtMs, hopelessAtMs);
}

const calm = {
  everConnected: true,
  next: null,
  dueAtMs: null,
  attempting: false,
  attempts: 0,
  doubted: false,
  looking: false,
  troubledSinceMs: null,
} as const;

function lagOf(polite: boolean): number {
  return polite ? politeLagMs : 0;
}

function idle(recovery: Recovery): RecoveryStep {
  return { recovery, action: null };
}

/** Looks before it leaps: a restart of what is about to heal, or has never been ill, is a gap for nothing. */
function look(recovery: Recovery, nowMs: number): RecoveryStep {
  const dueAtMs = nowMs + lookTimeoutMs + lagOf(recovery.polite);
  return { recovery: { ...recovery, looking: true, next: 'restart', dueAtMs }, action: 'look' };
}

function judgeLook(recovery: Recovery, seen: 'flowing' | 'idle' | 'silent', nowMs: number): RecoveryStep {
  const { polite, doubted } = recovery;
  const looked: Recovery = { ...recovery, looking: false, next: null, dueAtMs: null };
  if (seen === 'silent' || (seen === 'idle' && doubted)) {
    // Without doubts of the browser's own, it was this side that had a reason to look: it waits for nobody.
    return planIn(looked, 'restart', doubted ? lagOf(polite) : 0, nowMs);
  }
  // Doubts that media gives the lie to are looked into again.
  return doubted ? planIn(looked, 'look', doubtMs, nowMs) : idle({ ...looked, troubledSinceMs: null });
}

function planIn(recovery: Recovery, next: RecoveryAction, waitMs: number, nowMs: number): RecoveryStep {
  if (waitMs === 0) return next === 'look' ? look(recovery, nowMs) : act(recovery, next, nowMs);
  const troubledSinceMs = recovery.troubledSinceMs ?? nowMs;
  return idle({ ...recovery, next, dueAtMs: nowMs + waitMs, looking: false, troubledSinceMs });
}

function act(recovery: Recovery, action: 'restart' | 'rebuild', nowMs: number): RecoveryStep {
  const attempts = action === 'rebuild' ? Math.max(recovery.attempts, restarts) : recovery.attempts;
  // The impolite side replaces the connection by itself; the polite side asks, and what it has stays broken until then.
  const broken = recovery.broken && (action === 'restart' || recovery.polite);
  const next = attempts + 1 < restarts ? 'restart' : 'rebuild';
  const begun = giveTime({ ...recovery, attempts, dueAtMs: null }, nowMs);
  return { recovery: { ...begun, next, broken, troubledSinceMs: recovery.troubledSinceMs ?? nowMs }, action };
}

/** Gives an attempt that has just begun its time; never less than there was. */
function giveTime(recovery: Recovery, nowMs: number): Recovery {
  const { attempts, polite } = recovery;
  const waitMs = (attemptWaitsMs[attempts] ?? attemptWaitsMs.at(-1) ?? 0) + lagOf(polite);
  const dueAtMs = Math.max(recovery.dueAtMs ?? 0, nowMs + waitMs);
  return { ...recovery, looking: false, attempting: true, attempts: attempts + 1, dueAtMs };
}
