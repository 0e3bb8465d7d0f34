import { isIP } from 'node:net';

/** Addresses from one to another, both included, as numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** A range, or what would have been one. */
export type ParsedRange =
  { readonly ok: true; readonly value: AddressRange } | { readonly ok: false; readonly reason: string };

/** Reads `192.0.2.7`, or `192.0.2.7-192.0.2.9`. */
export function parseAddressRange(text: string): ParsedRange {
  const [from = '', to = from, ...rest] = text.split('-').map((part) => part.trim());
  const [first, last] = [readAddress(from), readAddress(to)];
  if (first === undefined || last === undefined || rest.length > 0 || isIP(from) !== isIP(to)) {
    return { ok: false, reason: 'an address is wanted, or two of one family with - between them' };
  }
  if (first > last) return { ok: false, reason: 'the range is the wrong way round' };
  return { ok: true, value: { family: isIP(from) === 4 ? 4 : 6, first, last } };
}

function readAddress(text: string): bigint | undefined {
  if (isIP(text) === 4) return readGroups(text.split('.'), 10, 8n);
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  const plain = text.replace(/\d+\.\d+\.\d+\.\d+$/u, (tail) => {
    const value = readGroups(tail.split('.'), 10, 8n);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return readGroups([...before, ...zeros, ...after], 16, 16n);
}

function readGroups(groups: readonly string[], radix: number, bits: bigint): bigint {
  return groups.reduce((value, group) => (value << bits) | BigInt(Number.parseInt(group, radix)), 0n);
}

function writeAddress(value: bigint, family: 4 | 6): string {
  const [count, bits, radix, separator] =
    family === 4 ? ([4, 8n, 10, '.'] as const) : ([8, 16n, 16, ':'] as const);
  const groups = Array.from({ length: count }, (_, index) =>
    ((value >> (BigInt(count - 1 - index) * bits)) & ((1n << bits) - 1n)).toString(radix),
  );
  // The longest run of zeros is written short, as people do (RFC 5952 §4.2), where there is one.
  if (family === 4) return groups.join(separator);
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/gu)].map(([run]) => run);
  const longest = runs.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined
    ? groups.join(':')
    : groups.join(':').replace(longest, '::').replace(/:{3,}/u, '::');
}

/** What is left of the ranges without the holes. */
export function subtractRanges(
  ranges: readonly AddressRange[],
  holes: readonly AddressRange[],
): readonly AddressRange[] {
  return holes.reduce<readonly AddressRange[]>(
    (left, hole) => left.flatMap((range) => subtractOne(range, hole)),
    ranges,
  );
}

function subtractOne(range: AddressRange, hole: AddressRange): readonly AddressRange[] {
  const { family, first, last } = range;
  if (hole.family !== family || hole.first > last || hole.last < first) return [range];
  return [
    ...(first < hole.first ? [{ family, first, last: hole.first - 1n }] : []),
    ...(last > hole.last ? [{ family, first: hole.last + 1n, last }] : []),
  ];
}

/** The fewest blocks that are exactly this range, as `10.0.0.0/8`. */
export function listBlocks({ family, first, last }: AddressRange): readonly string[] {
  const blocks: string[] = [];
  const bits = bitsOf[family];
  let next = first;
  while (next <= last) {
    let hostBits = 0;
    while (
      hostBits < bits &&
      next % (1n << BigInt(hostBits + 1)) === 0n &&
      next + (1n << BigInt(hostBits + 1)) - 1n <= last
    ) {
      hostBits += 1;
    }
    blocks.push(`${writeAddress(next, family)}/${bits - hostBits}`);
    next += 1n << BigInt(hostBits);
  }
  return blocks;
}
