import { setImmediate as turnEnded } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EndOfTurn } from './end-of-turn.ts';

test('what is left to the end of a turn is done then, all at once, and what that leaves at the end of the next', async () => {
  const end = new EndOfTurn();
  const done: string[] = [];
  const again = { run: () => void done.push('again') };
  end.add({ run: () => void done.push('first') });
  end.add({
    run: () => {
      done.push('second');
      end.add(again);
    },
  });
  expect(done).toEqual([]);
  await turnEnded();
  expect(done).toEqual(['first', 'second']);
  await turnEnded();
  expect(done).toEqual(['first', 'second', 'again']);
  await turnEnded();
  expect(done).toHaveLength(3);
});
