import { onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { flagsForJoins, watchJoins } from '../figures/join-and-leave.ts';
import { expectNothingLeft } from '../figures/judge-joins.ts';
import { test } from '../stage.ts';

test('who comes and goes leaves nothing behind, neither with those who stay nor in their own page', async ({
  stage,
}) => {
  const program = await stage.startProgram({ flags: flagsForJoins });
  const running = await launchChromium({});
  onTestFinished(() => running.close());
  const looks = await watchJoins(running.browser, {
    origin: program.origin,
    joins: 60,
    ownJoins: 30,
    looks: 10,
  });
  // Whoever leaves a connection or an element behind leaves one each time. Compiled code and caches still grow over so few.
  expectNothingLeft(looks, { warmUp: 3, bytes: 10_000, things: 0.2 });
});
