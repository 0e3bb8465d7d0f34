import type { DataUsed } from '../statistics-types.ts';
import type { LinkReading, RawStats } from './link-statistics.ts';

export const noData: DataUsed = { bytesSent: 0, bytesReceived: 0 };

export function addData(left: DataUsed, right: DataUsed): DataUsed {
  return {
    bytesSent: left.bytesSent + right.bytesSent,
    bytesReceived: left.bytesReceived + right.bytesReceived,
  };
}

/**
 * What went over a connection since the look before, or since it was made. A restart of ICE begins new pairs of candidates,
 * with counters of their own; a browser that counts for the whole transport is taken at its word.
 */
export function countTraffic(before: LinkReading | null, after: LinkReading): DataUsed {
  const entries = [...after.report.values()];
  const transports = entries.filter(({ type, bytesSent }) => type === 'transport' && bytesSent !== undefined);
  const counters =
    transports.length > 0 ? transports : entries.filter(({ type }) => type === 'candidate-pair');
  const sum = (counter: keyof DataUsed): number =>
    counters.reduce((total, entry) => total + growth(entry, before?.report.get(entry.id), counter), 0);
  return { bytesSent: sum('bytesSent'), bytesReceived: sum('bytesReceived') };
}

function growth(entry: RawStats, earlier: RawStats | undefined, counter: keyof DataUsed): number {
  const now = entry[counter] ?? 0;
  const then = earlier?.[counter] ?? 0;
  // A counter that has become smaller has begun anew.
  return now >= then ? now - then : now;
}
