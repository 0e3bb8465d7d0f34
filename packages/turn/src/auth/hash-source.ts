/**
 * A hash of who sends, 32 bits: an IPv4 address, or an IPv6 /64. FNV-1a over four or eight octets, then a final mix so that
 * the upper bits depend on all of them.
 */
export function hashSource(address: Uint8Array, seed: number): number {
  const significant = Math.min(8, address.length);
  let state = seed ^ 0x811c9dc5;
  for (let index = 0; index < significant; index += 1) {
    state = Math.imul(state ^ (address[index] ?? 0), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
