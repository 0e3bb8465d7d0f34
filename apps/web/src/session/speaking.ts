import { signal, type ReadonlySignal } from '@preact/signals';

/** Whether one person is speaking, and when they were last loud enough. */
export interface SpeakingState {
  readonly speaking: boolean;
  readonly lastLoudMs: number;
}

export const silent: SpeakingState = { speaking: false, lastLoudMs: Number.NEGATIVE_INFINITY };

// Levels are 0 to 1 on a scale of decibels, from -60 to -12 dB. Room noise stays under 0.3.
const startLevel = 0.42;
const keepLevel = 0.32;
const releaseMs = 600;

/** Speech begins at once, and lasts through the pauses between words. */
export function advanceSpeaking(state: SpeakingState, level: number, nowMs: number): SpeakingState {
  const loud = level >= (state.speaking ? keepLevel : startLevel);
  if (loud) return { speaking: true, lastLoudMs: nowMs };
  if (state.speaking && nowMs - state.lastLoudMs >= releaseMs) return silent;
  return state;
}

export interface Speaking {
  /** Ids of those who are speaking now. */
  readonly ids: ReadonlySignal<ReadonlySet<string>>;
  /** Looks at everybody's level once. */
  readonly sample: (levels: ReadonlyMap<string, number>, nowMs: number) => void;
}

export function createSpeaking(): Speaking {
  const ids = signal<ReadonlySet<string>>(new Set());
  let states: ReadonlyMap<string, SpeakingState> = new Map();
  return {
    ids,
    sample(levels, nowMs) {
      const next = new Map<string, SpeakingState>();
      for (const [id, level] of levels) next.set(id, advanceSpeaking(states.get(id) ?? silent, level, nowMs));
      states = next;
      const speaking = new Set([...next].filter(([, state]) => state.speaking).map(([id]) => id));
      const same = speaking.size === ids.value.size && [...speaking].every((id) => ids.value.has(id));
      if (!same) ids.value = speaking;
    },
  };
}
