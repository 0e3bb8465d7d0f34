import { errorCodes } from '@callbox/contract';
import { expect, it } from 'vitest';
import { en } from '../locales/en.ts';
import { createTranslator } from '../locales/translator.ts';
import { describeRefusal } from './refusal-words.ts';

const words = createTranslator('en', en);

it.each(errorCodes)('says %s in a sentence without words of the trade', (code) => {
  const { text } = describeRefusal({ code, message: 'for the console' }, words);
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(text).not.toContain('for the console');
  expect(text).not.toMatch(/socket|signal|WebRTC|ICE|schema/i);
});

it('says how many a full room holds when it is known', () => {
  const full = { code: 'room-full', message: '' } as const;
  expect(describeRefusal({ ...full, maxParticipants: 8 }, words).text).toBe(
    'This room holds 8 people, and 8 are inside.',
  );
  expect(describeRefusal(full, words).text).toBe('This room is full.');
});

it.each([
  ['room-locked', undefined, 'This room is locked. Nobody new can come in for now.', 'try-again'],
  ['removed', undefined, 'You were taken out of this room.', 'back-to-start'],
  ['resume-refused', 'removed', 'You were taken out of this room.', 'back-to-start'],
  ['resume-refused', 'outdated', 'This call goes on in another of your tabs.', 'try-again'],
  ['resume-refused', 'gone', 'You dropped out of the call. Join again.', 'try-again'],
] as const)('tells %s (%s) from others', (code, reason, text, remedy) => {
  const refusal = { code, message: '', ...(reason !== undefined && { reason }) };
  expect(describeRefusal(refusal, words)).toEqual({ text, remedy });
});
