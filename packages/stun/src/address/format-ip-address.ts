/**
 * Text of 4 or 16 octets; IPv6 in the one canonical spelling of RFC 5952, IPv4-mapped addresses as `::ffff:192.0.2.1`
 * (its §5).
 */
export function formatIpAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  if (address.length !== 16) throw new RangeError(`an IP address does not have ${address.length} octets`);
  if (isIpv4Mapped(address)) return `::ffff:${address.subarray(12).join('.')}`;

  const view = new DataView(address.buffer, address.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2));
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  const zeros = longestZeroRun(groups);
  return zeros.length < 2 ? hex(0, 8) : `${hex(0, zeros.start)}::${hex(zeros.start + zeros.length, 8)}`;
}

function isIpv4Mapped(address: Uint8Array): boolean {
  return (
    address[10] === 0xff && address[11] === 0xff && address.subarray(0, 10).every((octet) => octet === 0)
  );
}

/** The first of the longest runs is the one that `::` replaces (RFC 5952 §4.2.3). */
function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
