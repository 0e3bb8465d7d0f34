import { expect, test } from 'vitest';
import { guestAccount, isGuestAccount, parseGuestAccount, tagOfRoom } from './guest-name.ts';

test('a room has one tag under one secret, and another under another', () => {
  const tag = tagOfRoom('north', 'blue');
  expect(tag).toMatch(/^[\w-]{16}$/);
  expect(tagOfRoom('north', 'blue')).toBe(tag);
  expect(tagOfRoom('south', 'blue')).not.toBe(tag);
  expect(tagOfRoom('north', 'green')).not.toBe(tag);
});

test('an account gives back what it was made of', () => {
  const guest = { roomTag: tagOfRoom('north', 'blue'), participantId: 'a-B_9' };
  expect(parseGuestAccount(guestAccount(guest))).toEqual(guest);
  expect(isGuestAccount(guestAccount(guest))).toBe(true);
});

test.each(['', 'alice', '.alice', 'tag.', 'tag.alice.more', 'check-1234'])(
  'the account "%s" names no room',
  (account) => {
    expect(parseGuestAccount(account)).toBeUndefined();
  },
);

test.each([
  'ana',
  'ana.smith',
  '@ana:calls.example',
  'abcdefghijklmnop.a.b',
  'abcdefghijklmnop.',
  '1800000000',
])('the account "%s" is not of our making', (account) => {
  expect(isGuestAccount(account)).toBe(false);
});
