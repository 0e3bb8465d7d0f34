/** How long this side waits for a sign of life before it takes the way to the server for dead. */
export interface Patience {
  /** A smoothed round trip; null until one was measured. */
  readonly roundTripMs: number | null;
  /** How often in a row a way was given up that was merely slow. */
  readonly falseAlarms: number;
}

export const freshPatience: Patience = { roundTripMs: null, falseAlarms: 0 };

/** With `probeEveryMs`, a second from the stall to the alarm. */
const leastMs = 600;
const mostMs = 6_000;
/** Before anything was measured. */
const firstMs = 3_000;

/** A pause between an answer and the next probe. */
export const probeEveryMs = 400;

export function silenceMs({ roundTripMs, falseAlarms }: Patience): number {
  const usualMs = roundTripMs === null ? firstMs : Math.max(leastMs, 200 + 4 * roundTripMs);
  return Math.min(mostMs, usualMs * 2 ** falseAlarms);
}

/** After an answer that took so long. */
export function learnRoundTrip(patience: Patience, measuredMs: number): Patience {
  const { roundTripMs } = patience;
  return {
    ...patience,
    roundTripMs: roundTripMs === null ? measuredMs : 0.8 * roundTripMs + 0.2 * measuredMs,
  };
}

/** After the server was found again: alive all the time, or not. */
export function learnFromReturn(patience: Patience, wasFalseAlarm: boolean): Patience {
  return { ...patience, falseAlarms: wasFalseAlarm ? Math.min(3, patience.falseAlarms + 1) : 0 };
}
