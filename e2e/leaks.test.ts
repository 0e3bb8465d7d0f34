import { onTestFinished } from 'vitest';
import { launchChromium } from './browser/chromium.ts';
import { launchBareChromium } from './figures/bare-page.ts';
import { flagsForJoins, watchJoins } from './figures/join-and-leave.ts';
import { expectNothingLeft } from './figures/judge-joins.ts';
import { note } from './outlive/note.ts';
import { test } from './stage.ts';

test(
  'who comes and goes leaves nothing behind, neither with those who stay nor in their own page',
  { timeout: 480_000 },
  async ({ stage }) => {
    const program = await stage.startProgram({ flags: flagsForJoins });
    const running = await launchChromium({});
    onTestFinished(() => running.close());
    const bare = await launchBareChromium();
    onTestFinished(() => bare.close());
    const looks = await watchJoins(running.browser, bare, {
      origin: program.origin,
      joins: 80,
      ownJoins: 40,
      looks: 8,
    });
    // Whoever leaves a connection or an element behind leaves one each time, while what waits to be collected comes and goes. The heap of a
    // page wavers by half a megabyte, which over so few joins hides all but what is large: the small is to be seen over two thousand (`npm run joins`).
    const slopes = expectNothingLeft(looks, { warmUp: 3, bytes: 100_000, things: 0.5 });
    for (const who of ['host', 'guest']) {
      const { middle, most } = slopes[`${who} heapBytes`] ?? {};
      note(
        `the heap of the ${who} grows by ${middle?.toFixed(0)} octets a join, at most ${most?.toFixed(0)}`,
      );
    }
  },
);
