import { describe, expect, test } from 'vitest';
import { listBlocks, parseAddressRange, subtractRanges, type AddressRange } from './address-range.ts';

function range(text: string): AddressRange {
  const parsed = parseAddressRange(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('a range of addresses', () => {
  test.each([
    ['192.0.2.7', ['192.0.2.7/32']],
    ['10.0.0.0-10.255.255.255', ['10.0.0.0/8']],
    ['192.0.2.1-192.0.2.6', ['192.0.2.1/32', '192.0.2.2/31', '192.0.2.4/31', '192.0.2.6/32']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['2001:db8::-2001:db8::ffff', ['2001:db8::/112']],
    ['::1', ['::1/128']],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', ['::/0']],
    ['fe80::1:0:0:2', ['fe80::1:0:0:2/128']],
    ['::ffff:192.0.2.1', ['::ffff:c000:201/128']],
  ])('%s is exactly its blocks', (text, blocks) => {
    expect(listBlocks(range(text))).toEqual(blocks);
  });

  test.each(['10.0.0.9-10.0.0.1', 'host', '10.0.0.1-::1', '1.2.3.4-1.2.3.5-1.2.3.6', ''])(
    '"%s" is none',
    (text) => {
      expect(parseAddressRange(text).ok).toBe(false);
    },
  );

  test('is cut where another lies, and left alone by one of the other family', () => {
    const left = subtractRanges(
      [range('10.0.0.0-10.0.0.255'), range('2001:db8::-2001:db8::3')],
      [range('10.0.0.64-10.0.0.127'), range('::1')],
    );
    expect(left.flatMap(listBlocks)).toEqual(['10.0.0.0/26', '10.0.0.128/25', '2001:db8::/126']);
  });

  test('is gone where another covers it', () => {
    expect(subtractRanges([range('10.0.0.5')], [range('10.0.0.0-10.0.0.9')])).toEqual([]);
  });
});
