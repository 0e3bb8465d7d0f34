import { expect, test } from 'vitest';
import { redactAddress } from './redact-address.ts';

test.each([
  ['203.0.113.45', '203.0.113.x'],
  ['203.0.113.45:5000', '203.0.113.x:5000'],
  ['::ffff:203.0.113.45', '203.0.113.x'],
  ['2001:db8:1:2::3', '2001:db8:1::x'],
  ['[2001:db8:1:2::3]:5000', '2001:db8:1::x:5000'],
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['a-room', 'a-room'],
  ['1.2.3', '1.2.3'],
  ['', ''],
])('%j is logged as %j', (text, logged) => {
  expect(redactAddress(text)).toBe(logged);
});
