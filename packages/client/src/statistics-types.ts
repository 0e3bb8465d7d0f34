/** What one stream did between the last two looks. Null: not known, or of no meaning for this kind of stream. */
export interface StreamStatistics {
  readonly bitsPerSecond: number;
  /** Packets that did not arrive, 0 to 1. */
  readonly lossShare: number | null;
  readonly jitterMs: number | null;
  /** Sound that was made up for what did not come in time, 0 to 1. */
  readonly concealedShare: number | null;
  /** Time during which the picture stood still, 0 to 1. */
  readonly freezeShare: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  /** Why this browser sends less of a picture than it could. */
  readonly limitedBy: 'none' | 'processor' | 'link' | 'other' | null;
  /** Such as `video/VP8`. */
  readonly codec: string | null;
}

/** The streams of one direction; null for one that does not flow. */
export interface StreamsStatistics {
  readonly audio: StreamStatistics | null;
  readonly camera: StreamStatistics | null;
  readonly screen: StreamStatistics | null;
  readonly screenAudio: StreamStatistics | null;
}

/** Octets that have gone over the network, all that is not media included. */
export interface DataUsed {
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** What the connection to one participant did between the last two looks. */
export interface LinkStatistics extends DataUsed {
  /** When it was looked at, by this browser's clock (milliseconds since 1970). */
  readonly atMs: number;
  /** Delay there and back. */
  readonly roundTripMs: number | null;
  /** What the browser believes it could send on this connection; only some browsers tell. */
  readonly availableBitsPerSecond: number | null;
  /** Since the participant came, over all paths and connections that there have been. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly received: StreamsStatistics;
  readonly sent: StreamsStatistics;
}

/** How well the connection to one participant works. */
export interface LinkQuality {
  /** 4: nothing to complain of; 0: hardly anything arrives. */
  readonly bars: 0 | 1 | 2 | 3 | 4;
  /** Whose network it is, where the others tell: this person's when all are bad, the participant's when theirs alone is. */
  readonly blame: 'here' | 'there' | null;
}

/**
 * How this person's way up copes: `good`; `saving`, pictures are sent smaller than planned; `tight`, it will not bear another
 * person, whether it saves or not; `voice-only`, pictures are not sent at all, for the sake of the voice.
 */
export type UplinkState = 'good' | 'tight' | 'saving' | 'voice-only';

/** How often connections are looked at: every 10 s while nobody sees the page, 2 s in a call, 1 s while figures are shown. */
export type StatisticsPace = 'calm' | 'normal' | 'close';
