import { describe } from 'vitest';
import { enterCall } from './call/enter-call.ts';
import type { BrowserKind } from './browser/guest.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { test } from './stage.ts';

describe('a call in which Firefox takes part', () => {
  test.for<[BrowserKind, BrowserKind]>([
    ['firefox', 'firefox'],
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ])('%s comes first and %s second: both see and hear each other', async ([first, second], { stage }) => {
    const program = await stage.startProgram();
    const [ana, ben] = await Promise.all([stage.invite(first, 'Ana'), stage.invite(second, 'Ben')]);
    await enterCall(ana, `${program.origin}/r/mixed`, 'Ana');
    await enterCall(ben, `${program.origin}/r/mixed`, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
  });
});
