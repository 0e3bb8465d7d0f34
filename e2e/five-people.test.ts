import { describe } from 'vitest';
import { PHONE_VIEWPORT, type BrowserKind, type Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { test } from './stage.ts';

/** Twenty pictures are encoded and decoded at a time. */
const deadlineMs = 120_000;

describe('a call of five', () => {
  test.for<readonly [name: string, kinds: readonly BrowserKind[]]>([
    ['five Chromiums', ['chromium', 'chromium', 'chromium', 'chromium', 'chromium']],
    ['a Firefox among four Chromiums', ['chromium', 'firefox', 'chromium', 'chromium', 'chromium']],
  ])('%s: all see and hear each other', async ([, kinds], { stage }) => {
    const program = await stage.startProgram();
    const guests: Guest[] = [];
    for (const [place, kind] of kinds.entries()) {
      const guest = await stage.invite(kind, `${place + 1}`, { viewport: PHONE_VIEWPORT });
      await enterCall(guest, `${program.origin}/r/five`, `Person ${place + 1}`);
      guests.push(guest);
    }
    await expectEveryoneSeesAndHears(guests, deadlineMs);
  });
});
