import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { fromHex } from '../testing/hex.ts';
import { withLength } from './with-length.ts';

describe('withLength', () => {
  test('leaves the octets of a Buffer in shared memory as they were', () => {
    const around = Buffer.alloc(64, 0xee);
    const message = around.subarray(16, 36);
    message.set(fromHex('00010060'));
    const before = around.toString('hex');

    const header = withLength(message, 28);

    expect(around.toString('hex')).toBe(before);
    expect(Buffer.from(header.subarray(0, 4)).toString('hex')).toBe('00010008');
  });
});
