import { describe, expect, it } from 'vitest';
import type { LinkReading, RawStats } from './link-statistics.ts';
import { addData, countTraffic } from './traffic.ts';

const sections: LinkReading['sections'] = { audio: null, camera: null, screen: null, screenAudio: null };

function reading(...entries: RawStats[]): LinkReading {
  return { generation: 0, report: new Map(entries.map((entry) => [entry.id, entry])), sections };
}

const counter = (type: string, id: string, bytesSent: number, bytesReceived: number): RawStats => ({
  id,
  type,
  bytesSent,
  bytesReceived,
});

describe('the data that a connection uses', () => {
  it('is all that its counters say at the first look, and what they grew by at the next', () => {
    const first = reading(counter('transport', 'T', 1_000, 2_000));
    const next = reading(counter('transport', 'T', 1_500, 2_900));
    expect(countTraffic(null, first)).toEqual({ bytesSent: 1_000, bytesReceived: 2_000 });
    expect(countTraffic(first, next)).toEqual({ bytesSent: 500, bytesReceived: 900 });
  });

  it('is not counted twice where a browser counts for the transport and for its pairs', () => {
    const both = reading(counter('transport', 'T', 100, 100), counter('candidate-pair', 'P', 90, 90));
    expect(countTraffic(null, both)).toEqual({ bytesSent: 100, bytesReceived: 100 });
  });

  it('goes on over a restart of ICE, where a browser counts for pairs of candidates alone', () => {
    const before = reading(counter('candidate-pair', 'A', 700, 70), { id: 'T', type: 'transport' });
    const after = reading(counter('candidate-pair', 'A', 800, 80), counter('candidate-pair', 'B', 40, 4));
    const restarted = reading(counter('candidate-pair', 'B', 60, 6));
    expect(countTraffic(before, after)).toEqual({ bytesSent: 140, bytesReceived: 14 });
    expect(countTraffic(after, restarted)).toEqual({ bytesSent: 20, bytesReceived: 2 });
  });

  it('never shrinks: a counter that is smaller than before has begun anew', () => {
    const before = reading(counter('candidate-pair', 'A', 700, 70));
    const after = reading(counter('candidate-pair', 'A', 30, 3));
    expect(countTraffic(before, after)).toEqual({ bytesSent: 30, bytesReceived: 3 });
  });

  it('adds up', () => {
    expect(addData({ bytesSent: 1, bytesReceived: 2 }, { bytesSent: 10, bytesReceived: 20 })).toEqual({
      bytesSent: 11,
      bytesReceived: 22,
    });
  });
});
