import type { DataUsed, LinkStatistics, StreamsStatistics, StreamStatistics } from '../statistics-types.ts';
import { countTraffic } from './traffic.ts';

/** The fields of `RTCStats` entries that are read; each may be missing in one browser or another. */
export interface RawStats {
  readonly id: string;
  readonly type: string;
  readonly timestamp?: number;
  readonly mid?: string;
  readonly trackIdentifier?: string;
  readonly localId?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
  readonly jitter?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly totalSamplesReceived?: number;
  readonly totalFreezesDuration?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly qualityLimitationReason?: string;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
}

/** One media section, as far as it takes to find its streams in a report. */
export interface SectionName {
  readonly mid: string | null;
  readonly receivedTrackId: string;
}

/** One look at a connection. */
export interface LinkReading {
  /** Which of the connections to one participant this is: counters of another one tell nothing about it. */
  readonly generation: number;
  readonly report: ReadonlyMap<string, RawStats>;
  readonly sections: Readonly<Record<keyof StreamsStatistics, SectionName | null>>;
}

/**
 * What happened between two looks at the connection to one participant; of counters without an earlier one nothing is known.
 *
 * @param used what had been used for this participant until the look before.
 */
export function readLinkStatistics(
  earlier: LinkReading | null,
  after: LinkReading,
  used: DataUsed,
  nowMs: number,
): LinkStatistics {
  const before = earlier?.generation === after.generation ? earlier : null;
  const traffic = countTraffic(before, after);
  const entries = [...after.report.values()];
  const pair = selectedPair(after.report, entries);
  const streams = (read: (name: SectionName) => StreamStatistics | null): StreamsStatistics => {
    const { audio, camera, screen, screenAudio } = after.sections;
    return {
      audio: audio === null ? null : read(audio),
      camera: camera === null ? null : read(camera),
      screen: screen === null ? null : read(screen),
      screenAudio: screenAudio === null ? null : read(screenAudio),
    };
  };
  return {
    atMs: nowMs,
    roundTripMs: toMs(pair?.currentRoundTripTime),
    availableBitsPerSecond: pair?.availableOutgoingBitrate ?? null,
    bytesSent: used.bytesSent + traffic.bytesSent,
    bytesReceived: used.bytesReceived + traffic.bytesReceived,
    received: streams((name) => readReceived(entries, before, after, name)),
    sent: streams((name) => readSent(entries, before, after, name)),
  };
}

function selectedPair(
  report: ReadonlyMap<string, RawStats>,
  entries: readonly RawStats[],
): RawStats | undefined {
  const transport = entries.find(({ type }) => type === 'transport');
  return (
    report.get(transport?.selectedCandidatePairId ?? '') ??
    entries.find(({ type, selected }) => type === 'candidate-pair' && selected === true)
  );
}

function readReceived(
  entries: readonly RawStats[],
  before: LinkReading | null,
  after: LinkReading,
  { mid, receivedTrackId }: SectionName,
): StreamStatistics | null {
  const entry = entries.find(
    (each) => each.type === 'inbound-rtp' && (each.mid ?? mid) === mid && isOfTrack(each, receivedTrackId),
  );
  if (entry === undefined) return null;
  const earlier = before?.report.get(entry.id);
  const bitsPerSecond = rateOf(entry, earlier, 'bytesReceived') * 8;
  if (bitsPerSecond === 0) return null;
  const lost = growthOf(entry, earlier, 'packetsLost') ?? 0;
  const arrived = growthOf(entry, earlier, 'packetsReceived') ?? 0;
  const samples = growthOf(entry, earlier, 'totalSamplesReceived');
  const frozen = growthOf(entry, earlier, 'totalFreezesDuration');
  const concealed =
    (growthOf(entry, earlier, 'concealedSamples') ?? 0) -
    (growthOf(entry, earlier, 'silentConcealedSamples') ?? 0);
  return {
    bitsPerSecond,
    lossShare: shareOf(lost, lost + arrived),
    jitterMs: toMs(entry.jitter),
    concealedShare: samples === null ? null : shareOf(concealed, samples),
    freezeShare: frozen === null ? null : shareOf(frozen, secondsBetween(earlier, entry)),
    ...pictureOf(entry),
    limitedBy: null,
    codec: codecOf(after, entry),
  };
}

/** The track tells a browser that names no section; both together are no contradiction. */
function isOfTrack({ mid, trackIdentifier }: RawStats, trackId: string): boolean {
  return mid !== undefined || trackIdentifier === trackId;
}

function readSent(
  entries: readonly RawStats[],
  before: LinkReading | null,
  after: LinkReading,
  { mid }: SectionName,
): StreamStatistics | null {
  const entry = entries.find((each) => each.type === 'outbound-rtp' && each.mid === mid);
  if (entry === undefined) return null;
  const earlier = before?.report.get(entry.id);
  const bitsPerSecond = rateOf(entry, earlier, 'bytesSent') * 8;
  if (bitsPerSecond === 0) return null;
  const remote = entries.find(({ type, localId }) => type === 'remote-inbound-rtp' && localId === entry.id);
  return {
    bitsPerSecond,
    lossShare: remote?.fractionLost ?? null,
    jitterMs: toMs(remote?.jitter),
    concealedShare: null,
    freezeShare: null,
    ...pictureOf(entry),
    limitedBy: limitOf(entry.qualityLimitationReason),
    codec: codecOf(after, entry),
  };
}

function pictureOf(entry: RawStats): Pick<StreamStatistics, 'width' | 'height' | 'framesPerSecond'> {
  return {
    width: entry.frameWidth ?? null,
    height: entry.frameHeight ?? null,
    framesPerSecond: entry.framesPerSecond ?? null,
  };
}

function limitOf(reason: string | undefined): StreamStatistics['limitedBy'] {
  switch (reason) {
    case undefined:
      return null;
    case 'none':
      return 'none';
    case 'cpu':
      return 'processor';
    case 'bandwidth':
      return 'link';
    default:
      return 'other';
  }
}

function codecOf({ report }: LinkReading, entry: RawStats): string | null {
  return report.get(entry.codecId ?? '')?.mimeType ?? null;
}

type Counter =
  | 'bytesReceived'
  | 'bytesSent'
  | 'packetsReceived'
  | 'packetsLost'
  | 'concealedSamples'
  | 'silentConcealedSamples'
  | 'totalSamplesReceived'
  | 'totalFreezesDuration';

function growthOf(entry: RawStats, earlier: RawStats | undefined, counter: Counter): number | null {
  const now = entry[counter];
  const then = earlier?.[counter];
  // A lost packet that comes late makes its counter smaller.
  return now === undefined || then === undefined ? null : Math.max(0, now - then);
}

function secondsBetween(earlier: RawStats | undefined, later: RawStats): number {
  return ((later.timestamp ?? 0) - (earlier?.timestamp ?? 0)) / 1_000;
}

function rateOf(entry: RawStats, earlier: RawStats | undefined, counter: Counter): number {
  const seconds = secondsBetween(earlier, entry);
  const grown = growthOf(entry, earlier, counter);
  return grown === null || seconds <= 0 ? 0 : grown / seconds;
}

function shareOf(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.min(1, Math.max(0, part / whole));
}

function toMs(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1_000;
}
