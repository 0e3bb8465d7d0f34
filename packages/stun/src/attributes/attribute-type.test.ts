import { describe, expect, test } from 'vitest';
import * as stun from '../index.ts';
import { ATTRIBUTE_TYPE, isComprehensionRequired } from './attribute-type.ts';

/** What IANA's registry "STUN Attributes" lists under RFC 8489. */
const IANA: readonly (readonly [number, string])[] = [
  [0x0001, 'MAPPED-ADDRESS'],
  [0x0006, 'USERNAME'],
  [0x0008, 'MESSAGE-INTEGRITY'],
  [0x0009, 'ERROR-CODE'],
  [0x000a, 'UNKNOWN-ATTRIBUTES'],
  [0x0014, 'REALM'],
  [0x0015, 'NONCE'],
  [0x001c, 'MESSAGE-INTEGRITY-SHA256'],
  [0x001d, 'PASSWORD-ALGORITHM'],
  [0x001e, 'USERHASH'],
  [0x0020, 'XOR-MAPPED-ADDRESS'],
  [0x8002, 'PASSWORD-ALGORITHMS'],
  [0x8003, 'ALTERNATE-DOMAIN'],
  [0x8022, 'SOFTWARE'],
  [0x8023, 'ALTERNATE-SERVER'],
  [0x8028, 'FINGERPRINT'],
];

function exportedCodecs(): readonly (readonly [number, string])[] {
  const codecs: [number, string][] = [];
  for (const exported of Object.values(stun)) {
    if (typeof exported === 'object' && 'parse' in exported) codecs.push([exported.type, exported.name]);
  }
  return codecs.sort(([a], [b]) => a - b);
}

describe('attribute types', () => {
  test('there is a codec for each that IANA lists under RFC 8489, and no other', () => {
    expect(exportedCodecs()).toEqual(IANA);
  });

  test('the constants are the registered numbers', () => {
    expect(Object.values(ATTRIBUTE_TYPE).sort((a, b) => a - b)).toEqual(IANA.map(([type]) => type));
  });

  test('0x7FFF must be understood, 0x8000 need not be', () => {
    expect(isComprehensionRequired(0x7fff)).toBe(true);
    expect(isComprehensionRequired(0x8000)).toBe(false);
  });
});
