import { describe, expect, test } from 'vitest';
import { classOfType, encodeMessageType, MAX_METHOD, methodOfType } from './message-type.ts';

const CLASSES = ['request', 'indication', 'success', 'error'] as const;

describe('message types', () => {
  test.each([
    ['request', 0x001, 0x0001],
    ['success', 0x001, 0x0101],
    ['error', 0x001, 0x0111],
    ['indication', 0x006, 0x0016],
    ['request', 0xfff, 0x3eef],
    ['error', 0xfff, 0x3fff],
    ['request', 0x010, 0x0020],
    ['request', 0x080, 0x0200],
  ] as const)('a %s of method %i is %i on the wire', (messageClass, method, type) => {
    expect(encodeMessageType(messageClass, method)).toBe(type);
  });

  test('every class and method survives the way there and back', () => {
    const seen = new Set<number>();
    const changed: string[] = [];
    for (let method = 0; method <= MAX_METHOD; method += 1) {
      for (const messageClass of CLASSES) {
        const type = encodeMessageType(messageClass, method);
        seen.add(type);
        if (classOfType(type) !== messageClass || methodOfType(type) !== method) {
          changed.push(`${messageClass} ${method}`);
        }
      }
    }
    expect(changed).toEqual([]);
    expect(seen.size).toBe(0x4000);
  });
});
