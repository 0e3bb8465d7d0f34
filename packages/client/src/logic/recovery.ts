/** What happened to a connection, as far as mending it goes. */
export type RecoveryInput =
  | 'connected'
  | 'disconnected'
  | 'ice-failed'
  /** The connection failed although ICE did not (DTLS), or could not be negotiated: a restart does not help. */
  | 'beyond-restart'
  /** The network under the browser changed: what looks connected may be dead. */
  | 'network-changed'
  /** The other side began to mend it. */
  | 'remote-acted'
  /** `dueAtMs` has come and the connection is still not up. */
  | 'due';

export type RecoveryAction = 'none' | 'restart' | 'rebuild';

/** How the mending of one connection stands. Times are milliseconds of any one clock. */
export interface Recovery {
  readonly polite: boolean;
  readonly phase: 'connecting' | 'steady' | 'doubtful' | 'repairing';
  readonly everConnected: boolean;
  /** Attempts since it was last up. */
  readonly attempts: number;
  /** When to look again. */
  readonly dueAtMs: number | null;
  /** Since when it has not been up. */
  readonly troubledSinceMs: number | null;
}

/** A first connection that is not up by then will not come up by waiting. */
const connectTimeoutMs = 15_000;
/** Lost consent checks often pass by themselves; mending earlier than this would break what was about to heal. */
const doubtMs = 3_000;
/** The polite side lets the other begin, so that both do not restart at once. */
const politeLagMs = 1_000;
/** How long each restart may take, in order; after the last one the connection is built anew. */
const restartWaitsMs = [5_000, 8_000, 12_000];
const rebuildWaitMs = 15_000;
const longestWaitMs = 30_000;
/** From then on a person is told that it failed, though the attempts go on. */
const giveUpHopeMs = 40_000;

export function createRecovery(polite: boolean, nowMs: number): Recovery {
  return {
    polite,
    phase: 'connecting',
    everConnected: false,
    attempts: 0,
    dueAtMs: nowMs + connectTimeoutMs + lag(polite),
    troubledSinceMs: nowMs,
  };
}

/** One step: what to do now, and how things stand after it. */
export function stepRecovery(
  recovery: Recovery,
  input: RecoveryInput,
  nowMs: number,
): { readonly recovery: Recovery; readonly action: RecoveryAction } {
  const idle = { recovery, action: 'none' } as const;
  switch (input) {
    case 'connected':
      return { recovery: { ...recovery, ...steady }, action: 'none' };
    case 'disconnected':
      if (recovery.phase !== 'steady') return idle;
      return {
        recovery: waitIn(recovery, 'doubtful', doubtMs + lag(recovery.polite), nowMs),
        action: 'none',
      };
    case 'ice-failed':
      // While an attempt runs, its own time limit decides: a failure at once must not become a storm of restarts.
      return recovery.phase === 'repairing' ? idle : attempt(recovery, nowMs, lag(recovery.polite));
    case 'beyond-restart':
      if (recovery.attempts > restartWaitsMs.length) return idle;
      return attempt({ ...recovery, attempts: restartWaitsMs.length }, nowMs, lag(recovery.polite));
    case 'network-changed':
      // Only this side knows, so it waits for nobody.
      return attempt({ ...recovery, attempts: 0 }, nowMs, 0);
    case 'remote-acted':
      if (recovery.phase === 'steady' || recovery.phase === 'connecting') return idle;
      return { recovery: waitFor(recovery, nowMs), action: 'none' };
    case 'due':
      if (recovery.dueAtMs === null || nowMs < recovery.dueAtMs) return idle;
      // Never up in all that time: an offer or answer was lost, and there is nothing to restart.
      if (recovery.phase !== 'connecting') return attempt(recovery, nowMs, 0);
      return attempt({ ...recovery, attempts: restartWaitsMs.length }, nowMs, 0);
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
  return connectionState === 'failed' && iceIsUp ? 'beyond-restart' : null;
}

/** What a person is shown. */
export function judgeLink(
  recovery: Recovery,
  connectionState: RTCPeerConnectionState,
  nowMs: number,
): 'connecting' | 'connected' | 'reconnecting' | 'failed' {
  if (connectionState === 'connected') return 'connected';
  const since = recovery.troubledSinceMs ?? nowMs;
  if (nowMs - since >= giveUpHopeMs) return 'failed';
  return recovery.everConnected ? 'reconnecting' : 'connecting';
}

/** When `stepRecovery` or `judgeLink` would next say something new by time alone. */
export function nextLookAtMs(recovery: Recovery, nowMs: number): number | null {
  const hopeless = recovery.troubledSinceMs === null ? null : recovery.troubledSinceMs + giveUpHopeMs;
  if (hopeless === null || hopeless <= nowMs) return recovery.dueAtMs;
  return recovery.dueAtMs === null ? hopeless : Math.min(recovery.dueAtMs, hopeless);
}

const steady = {
  phase: 'steady',
  everConnected: true,
  attempts: 0,
  dueAtMs: null,
  troubledSinceMs: null,
} as const;

function lag(polite: boolean): number {
  return polite ? politeLagMs : 0;
}

function waitIn(recovery: Recovery, phase: Recovery['phase'], waitMs: number, nowMs: number): Recovery {
  const troubledSinceMs = recovery.troubledSinceMs ?? nowMs;
  return { ...recovery, phase, dueAtMs: nowMs + waitMs, troubledSinceMs };
}

/** Acts now, or after `delayMs` if the other side is to have the first go. */
function attempt(
  recovery: Recovery,
  nowMs: number,
  delayMs: number,
): { readonly recovery: Recovery; readonly action: RecoveryAction } {
  if (delayMs > 0) return { recovery: waitIn(recovery, 'repairing', delayMs, nowMs), action: 'none' };
  const action = recovery.attempts < restartWaitsMs.length ? 'restart' : 'rebuild';
  return { recovery: waitFor(recovery, nowMs), action };
}

/** Gives the attempt that has just begun its time. */
function waitFor(recovery: Recovery, nowMs: number): Recovery {
  const { attempts, polite } = recovery;
  const rebuilds = attempts - restartWaitsMs.length;
  const waitMs = restartWaitsMs[attempts] ?? Math.min(rebuildWaitMs * 2 ** rebuilds, longestWaitMs);
  return { ...waitIn(recovery, 'repairing', waitMs + lag(polite), nowMs), attempts: attempts + 1 };
}
