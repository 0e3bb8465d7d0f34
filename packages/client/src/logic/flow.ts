/** The fields of `RTCStats` entries that tell whether anything arrives. */
export interface FlowStats {
  readonly type: string;
  readonly bytesReceived?: number;
}

/** How much media has arrived until now, in octets: whatever the value means, it rises while media flows. */
export function readFlow(report: Iterable<FlowStats>): number {
  let octets = 0;
  for (const { type, bytesReceived } of report) if (type === 'inbound-rtp') octets += bytesReceived ?? 0;
  return octets;
}

/**
 * Judges two readings, a moment apart.
 *
 * @param heardLately whether anything came in the seconds before: only then is silence news.
 */
export function judgeFlow(
  before: number,
  after: number,
  heardLately: boolean,
): 'flowing' | 'idle' | 'silent' {
  // Also a smaller number is another one: the receivers were made anew, and have received.
  if (after !== before) return 'flowing';
  return heardLately ? 'silent' : 'idle';
}
