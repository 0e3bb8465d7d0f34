import { onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { flagsForJoins, watchJoins } from '../figures/join-and-leave.ts';
import { expectNothingLeft } from '../figures/judge-joins.ts';
import { test } from '../stage.ts';

test(
  'who comes and goes leaves nothing behind, neither with those who stay nor in their own page',
  { timeout: 480_000 },
  async ({ stage }) => {
    const program = await stage.startProgram({ flags: flagsForJoins });
    const running = await launchChromium({});
    onTestFinished(() => running.close());
    const looks = await watchJoins(running.browser, {
      origin: program.origin,
      joins: 60,
      ownJoins: 24,
      looks: 6,
    });
    // Whoever leaves a connection or an element behind leaves one each time. The heap of a page wavers by half a megabyte, which over
    // so few joins hides all but what is large: the small is to be seen over two thousand (`npm run joins`).
    expectNothingLeft(looks, { warmUp: 2, bytes: 50_000, things: 0.2 });
  },
);
