import type { IceGrant } from '@callbox/contract';
import { probeRelay, type RelayProbe } from '@callbox/turn';

/** A way to the relay of this process, as seen from within. */
export interface RelayDoor {
  readonly transport: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}

export interface ReadinessOptions {
  /** Whether everything that shall listen does. */
  readonly isListening: () => boolean;
  /** The ways to try; none where no relay runs here. */
  readonly doors: () => readonly RelayDoor[];
  /** Makes credentials as guests get them. */
  readonly issue: () => IceGrant;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  /** For tests: what sends the packets. */
  readonly probe?: typeof probeRelay;
}

/** Whether guests can be served, and what was seen of it. */
export interface Readiness {
  readonly isReady: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

/** How long an answer is good for: whoever asks often costs no more than one who asks now and then. */
const keepMs = 5_000;
const probeTimeoutMs = 2_000;

function describe({ transport }: RelayDoor, probe: RelayProbe): Readonly<Record<string, unknown>> {
  if (!probe.ok) return { transport, ok: false, step: probe.step, reason: probe.reason };
  return { transport, ok: true, roundTripMs: Math.round(probe.roundTripMs * 100) / 100 };
}

/**
 * Makes the function that tells whether guests can be served. For that, a packet must go through the relay, there and back,
 * by each of its ways and with credentials made for it. One look at a time, and none while the last one is fresh.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { probe = probeRelay, now } = options;
  let last: { readonly atMs: number; readonly readiness: Promise<Readiness> } | undefined;

  async function tryDoors(doors: readonly RelayDoor[]): Promise<Readiness> {
    const credential = options.issue().iceServers.find(({ username }) => username !== undefined);
    const { username, credential: password } = credential ?? {};
    // Nobody is let in any more, or this month's budget is used up.
    if (username === undefined || password === undefined) {
      return { isReady: false, report: { status: 'not ready', relay: 'closed to new guests' } };
    }
    const tries = doors.map(async (door) => {
      const result = await probe({ ...door, username, password, timeoutMs: probeTimeoutMs });
      return { isOk: result.ok, description: describe(door, result) };
    });
    const results = await Promise.all(tries);
    const isReady = results.every(({ isOk }) => isOk);
    const relay = results.map(({ description }) => description);
    return { isReady, report: { status: isReady ? 'ready' : 'not ready', relay } };
  }

  async function look(): Promise<Readiness> {
    const doors = options.doors();
    return doors.length === 0 ? { isReady: true, report: { status: 'ready' } } : tryDoors(doors);
  }

  return () => {
    if (!options.isListening()) {
      return Promise.resolve({ isReady: false, report: { status: 'starting' } });
    }
    if (last === undefined || now() - last.atMs >= keepMs) last = { atMs: now(), readiness: look() };
    return last.readiness;
  };
}
