// One memfd that main and every worker map: counters with one writer each, a stop word, and rings between slots.
export const SLOTS = 2;
export const RING_ENTRIES = 256;
export const RING_ENTRY = 2048;
const RING = 4096 + RING_ENTRIES * RING_ENTRY;
export const SHARED_BYTES = 8192 + SLOTS * SLOTS * RING;

export const COUNTERS = [
  'up',
  'down',
  'unknown',
  'wakes',
  'joined',
  'ring',
  'ringFull',
  'allocations',
  'beats',
  'adopted',
];
const index = Object.fromEntries(COUNTERS.map((name, i) => [name, i]));
export { index as counterIndex };

export const countersOf = (buffer, slot) => new Float64Array(buffer, slot * 256, COUNTERS.length);
export const stopWord = (buffer) => new Int32Array(buffer, 4096, 1);

/** Positions are free-running; each side writes only its own. */
export function ringBetween(shared, from, to) {
  const offset = 8192 + (from * SLOTS + to) * RING;
  return {
    written: new Int32Array(shared.buffer, offset, 1),
    taken: new Int32Array(shared.buffer, offset + 64, 1),
    view: new DataView(shared.buffer, offset + 4096, RING_ENTRIES * RING_ENTRY),
    at: shared.at + offset + 4096,
  };
}
