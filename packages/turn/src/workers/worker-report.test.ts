import { expect, test } from 'vitest';
import { parseReport, REPORT_HEADER_BYTES, writeReportHeader, type WorkerReport } from './worker-report.ts';

const WORDS = Int32Array.of(0, 0, 0xffff, -0x7fffff01);
const OCTETS = Uint8Array.of(1, 2, 3);

function write(kind: WorkerReport['kind'], subject: number, words?: Int32Array): Uint8Array {
  const report = new Uint8Array(REPORT_HEADER_BYTES + OCTETS.length);
  writeReportHeader(new DataView(report.buffer), kind, subject, 4, words, 61_000);
  report.set(OCTETS, REPORT_HEADER_BYTES);
  return report;
}

test('what a worker reports is what main reads, with numbers of relays that do not fit in 32 bits', () => {
  const relay = 2 ** 40 + 1;
  expect(parseReport(write('ready', 0))).toEqual({ kind: 'ready' });
  expect(parseReport(write('listener-closed', 3))).toEqual({ kind: 'listener-closed', listener: 3 });
  expect(parseReport(write('message', relay))).toEqual({ kind: 'message', relay, octets: OCTETS });
  expect(parseReport(write('media', relay, WORDS))).toEqual({
    kind: 'media',
    relay,
    peer: { family: 4, words: WORDS, port: 61_000 },
    octets: OCTETS,
  });
});

test('what no worker reports is nothing', () => {
  const unknown = write('ready', 0);
  unknown[0] = 9;
  const familyless = write('media', 1, WORDS);
  familyless[1] = 5;
  for (const report of [unknown, familyless, unknown.subarray(0, REPORT_HEADER_BYTES - 1)])
    expect(parseReport(report)).toBeUndefined();
});
