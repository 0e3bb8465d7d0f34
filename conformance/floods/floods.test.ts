import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallReport, FloodKind } from './messages.ts';
import { findObstacle } from './network.ts';
import { openFloodStage, type FloodResult, type FloodStage } from './run-floods.ts';

const QUIET_MS = 4000;
const WARM_UP_MS = 700;
const MAX_WARM_UPS = 8;
/** A server is warmed up when another round of floods makes no more of a difference. */
const STEADY_BYTES = 1e6;
const FLOOD_MS = 4000;
const MAX_HELD_BYTES = 5e6;
/** The most that V8's room for short-lived objects can be: whether it is as large as that is up to the machine. */
const MAX_GROWTH_BYTES = 3 * 16 * 2 ** 20;
/** What a call may lose under flood beyond what it loses without. */
const MAX_MORE_LOSS = 0.001;
/** A first retransmission of a browser goes out after this time: a request that takes longer is delayed. */
const MAX_REQUEST_MS = 250;
const PATIENCE = { timeout: 120_000 };

const FLOODS: readonly (readonly [string, FloodKind])[] = [
  ['F1 unsigned Allocates from forged sources', 'unsigned'],
  ['F2 Allocates with a garbage MESSAGE-INTEGRITY from forged sources', 'garbage-integrity'],
  ['F3 unsigned Allocates forged in the name of the caller', 'victim'],
  ['F4 Binding requests from forged sources', 'binding'],
  ['F5 datagrams that are no messages from forged sources', 'malformed'],
];

const obstacle = findObstacle();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: floods: ${obstacle}\n\n`);
test.runIf(process.env['CI'] === 'true')('floods can be made here', () => {
  expect(obstacle).toBeUndefined();
});

function lossOf({ sent, lost }: CallReport): number {
  return lost / sent;
}

function worstRequestMs({ requestMs }: CallReport): number {
  return Math.max(...requestMs.map((ms) => ms ?? Number.POSITIVE_INFINITY));
}

function describeMemory({
  heldBytes,
  residentBytes,
}: Pick<FloodResult, 'heldBytes' | 'residentBytes'>): string {
  return `${(heldBytes / 1e6).toFixed(1)} MB held, ${(residentBytes / 1e6).toFixed(1)} MB resident`;
}

function describeResult({ offered, judged, answered, call, ...memory }: FloodResult): string {
  const worst = worstRequestMs(call).toFixed(0);
  return `offered ${offered}/s, read ${judged}/s, answered ${answered}/s; lost ${call.lost} of ${call.sent}; signed requests within ${worst} ms; ${describeMemory(memory)}`;
}

describe.runIf(obstacle === undefined)('an authenticated call under a flood', () => {
  let stage: FloodStage;
  let quiet: CallReport;
  /** The most memory that the server had while it was warming up. */
  const warm = { heldBytes: 0, residentBytes: 0 };

  beforeAll(async () => {
    stage = await openFloodStage();
    // Before a server has seen its first floods, its code is not compiled and its heap for short-lived objects is small.
    for (let round = 0, isSteady = false; round < MAX_WARM_UPS && !isSteady; round += 1) {
      const before = warm.heldBytes;
      for (const [, kind] of FLOODS) {
        const { heldBytes, residentBytes } = await stage.flood(kind, WARM_UP_MS);
        warm.heldBytes = Math.max(warm.heldBytes, heldBytes);
        warm.residentBytes = Math.max(warm.residentBytes, residentBytes);
      }
      isSteady = warm.heldBytes - before < STEADY_BYTES;
    }
    process.stderr.write(`warmed up: ${describeMemory(warm)}\n`);
    quiet = await stage.quiet(QUIET_MS);
  }, PATIENCE.timeout);

  afterAll(async () => {
    await stage.close();
  });

  test.each(FLOODS)(
    '%s: nothing more is lost, nothing delayed, and no memory is taken',
    PATIENCE,
    async (name, kind) => {
      const result = await stage.flood(kind, FLOOD_MS);
      process.stderr.write(`${name}: ${describeResult(result)}\n`);
      // Most bring no answer at all: a flood is more than the server can do, the faster the server the harder to make.
      expect(result.offered).toBeGreaterThanOrEqual(3 * result.answered);
      expect(result.judged).toBeGreaterThan(1000);
      expect(lossOf(result.call)).toBeLessThanOrEqual(lossOf(quiet) + MAX_MORE_LOSS);
      expect(worstRequestMs(result.call)).toBeLessThan(MAX_REQUEST_MS);
      expect(result.heldBytes - warm.heldBytes).toBeLessThan(MAX_HELD_BYTES);
      expect(result.residentBytes - warm.residentBytes).toBeLessThan(MAX_GROWTH_BYTES);
    },
  );
});

describe.runIf(obstacle === undefined)('the same measurement', () => {
  test('sees the loss of a call that shares the socket of the flood', PATIENCE, async () => {
    const stage = await openFloodStage({ clientSockets: 0 });
    try {
      const result = await stage.flood('unsigned', 2000);
      process.stderr.write(`without sockets of clients' own: ${describeResult(result)}\n`);
      expect(lossOf(result.call)).toBeGreaterThan(0.05);
    } finally {
      await stage.close();
    }
  });
});
