/**
 * How long a connection has gone by the relay, and how often a direct way was looked for. Networks open again without a
 * word: a firewall's rule is lifted, a telephone is back at home. An ICE restart finds that out, and leaves media where it is
 * until there is something better.
 */
export interface Detour {
  /** Restarts made since the last change of network. */
  readonly probes: number;
  /** When the next is due; null while there is no detour, or nothing more is to be expected of probing. */
  readonly dueAtMs: number | null;
}

export type DetourInput =
  /** The path was looked at, and leads over a relay. */
  | 'relayed'
  | 'direct'
  /** Either side has come to another network: all may be different there. */
  | 'network-changed'
  /** `dueAtMs` has come, and both sides are calm. */
  | 'due'
  /** `dueAtMs` has come, but something is being mended. */
  | 'busy';

/** After so long on a relay, each time. Those who never had a direct way pay for three restarts, and no more. */
const waitsMs = [45_000, 240_000, 1_200_000];
const busyMs = 10_000;

export const noDetour: Detour = { probes: 0, dueAtMs: null };

/** One step; `probe` says to restart ICE now. */
export function stepDetour(
  detour: Detour,
  input: DetourInput,
  nowMs: number,
): { readonly detour: Detour; readonly probe: boolean } {
  switch (input) {
    case 'direct':
      return { detour: noDetour, probe: false };
    case 'relayed': {
      const waitMs = waitsMs[detour.probes];
      // Looked at again: the time goes on.
      if (detour.dueAtMs !== null || waitMs === undefined) return { detour, probe: false };
      return { detour: { ...detour, dueAtMs: nowMs + waitMs }, probe: false };
    }
    case 'network-changed': {
      const dueAtMs = detour.dueAtMs === null ? null : nowMs + (waitsMs[0] ?? 0);
      return { detour: { probes: 0, dueAtMs }, probe: false };
    }
    case 'busy':
      return { detour: { ...detour, dueAtMs: nowMs + busyMs }, probe: false };
    case 'due':
      if (detour.dueAtMs === null || nowMs < detour.dueAtMs) return { detour, probe: false };
      return { detour: { probes: detour.probes + 1, dueAtMs: null }, probe: true };
  }
}
