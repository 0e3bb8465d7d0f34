import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { launchBareChromium } from '../figures/bare-page.ts';
import { flagsForJoins, watchJoins } from '../figures/join-and-leave.ts';
import { expectNothingLeft } from '../figures/judge-joins.ts';
import { note } from '../outlive/note.ts';
import { test } from '../stage.ts';

const joins = Number(process.env['JOINS'] ?? 2_000);
const ownJoins = Number(process.env['OWN_JOINS'] ?? joins);
const looks = 40;
const file = join(import.meta.dirname, '../../artifacts/joins.jsonl');

test(
  'two thousand who come and go leave nothing behind, and nor does one who comes and goes two thousand times',
  { timeout: 7_200_000 },
  async ({ stage }) => {
    await mkdir(dirname(file), { recursive: true });
    await rm(file, { force: true });
    const program = await stage.startProgram({ flags: flagsForJoins });
    const running = await launchChromium({});
    onTestFinished(() => running.close());
    const bare = await launchBareChromium();
    onTestFinished(() => bare.close());
    const seen = await watchJoins(running.browser, bare, {
      origin: program.origin,
      joins,
      ownJoins,
      looks,
      // Line by line: it takes long, and what was seen until then counts.
      onLook: (found) => appendFile(file, `${JSON.stringify(found)}\n`),
    });
    const slopes = expectNothingLeft(seen, { warmUp: looks / 5, bytes: 200, things: 0.001 });
    for (const [what, { least, middle, most }] of Object.entries(slopes))
      note(`${what} for each join: ${middle.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`);
  },
);
