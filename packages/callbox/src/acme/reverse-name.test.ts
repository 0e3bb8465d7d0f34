import { expect, test } from 'vitest';
import { toChallengeServerName } from './reverse-name.ts';

test.each([
  ['Calls.Example', 'calls.example'],
  ['203.0.113.9', '9.113.0.203.in-addr.arpa'],
  ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
])('an authority that proves %s asks for %s', (identifier, name) => {
  expect(toChallengeServerName(identifier)).toBe(name);
});
