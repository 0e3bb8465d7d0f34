import { expect, it } from 'vitest';
import { wouldLose } from './what-would-be-lost.ts';

const nothing = { isSharing: false, draft: '', unsent: 0 };

it.each([
  ['nothing in a call alone', nothing, false],
  ['nothing in a field of blanks', { ...nothing, draft: ' \n' }, false],
  ['a screen that others look at', { ...nothing, isSharing: true }, true],
  ['a message that is half written', { ...nothing, draft: 'I will be la' }, true],
  ['a line that waits for the server', { ...nothing, unsent: 1 }, true],
])('there is %s to lose', (_, atStake, loses) => {
  expect(wouldLose(atStake)).toBe(loses);
});
