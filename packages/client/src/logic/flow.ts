/** The fields of `RTCStats` entries that tell whether anything arrives. Times are in milliseconds of one clock. */
export interface FlowStats {
  readonly type: string;
  readonly timestamp?: number;
  readonly bytesReceived?: number;
  readonly lastPacketReceivedTimestamp?: number;
}

/** What has arrived until one moment. */
export interface Flow {
  /** Octets of media: whatever the value means, it rises while media flows. */
  readonly octets: number;
  /** For how long nothing has come; null where the browser does not say. */
  readonly quietMs: number | null;
}

/** Silence is told in a packet each 0.4 s (Opus with DTX), so this is more than that of a quiet person. */
const quietLimitMs = 700;
/** Even then a page that has just been woken may find what waited for it. */
const leastWatchMs = 150;

export function readFlow(report: Iterable<FlowStats>): Flow {
  let octets = 0;
  let quietMs: number | null = null;
  for (const { type, timestamp, bytesReceived, lastPacketReceivedTimestamp } of report) {
    if (type !== 'inbound-rtp') continue;
    octets += bytesReceived ?? 0;
    if (timestamp === undefined || lastPacketReceivedTimestamp === undefined) continue;
    quietMs = Math.min(quietMs ?? Infinity, Math.max(0, timestamp - lastPacketReceivedTimestamp));
  }
  return { octets, quietMs };
}

/** How long to wait for the second reading, so that silence between the two is proven, in milliseconds. */
export function watchForMs({ quietMs }: Flow): number {
  return Math.max(leastWatchMs, quietLimitMs - (quietMs ?? 0));
}

/**
 * Judges two readings, `watchForMs` apart.
 *
 * @param heardLately whether anything came in the seconds before: only then is silence news.
 */
export function judgeFlow(before: Flow, after: Flow, heardLately: boolean): 'flowing' | 'idle' | 'silent' {
  // Also a smaller number is another one: the receivers were made anew, and have received.
  if (after.octets !== before.octets) return 'flowing';
  return heardLately ? 'silent' : 'idle';
}
