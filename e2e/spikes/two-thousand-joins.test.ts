import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { watchJoins, type Looks } from '../figures/join-and-leave.ts';
import { slopeOf } from '../figures/slope.ts';
import { test } from '../stage.ts';

const joins = Number(process.env['JOINS'] ?? 2_000);
const file = join(import.meta.dirname, '../../artifacts/joins.jsonl');

test(
  'who comes and goes two thousand times leaves nothing behind',
  { timeout: 3_600_000 },
  async ({ stage }) => {
    await mkdir(dirname(file), { recursive: true });
    await rm(file, { force: true });
    const program = await stage.startProgram();
    const running = await launchChromium({});
    onTestFinished(() => running.close());
    const looks = await watchJoins(running.browser, {
      origin: program.origin,
      guests: 2,
      joins,
      every: joins / 20,
      // Line by line: it takes long, and what was seen until then counts.
      onLook: (found) => appendFile(file, `${JSON.stringify(found)}\n`),
    });
    for (const who of ['host', 'guest'] as const) {
      const held = looks.slice(2).map((look: Looks) => ({ at: look[who].joins, value: look[who].heapBytes }));
      expect(slopeOf(held), `octets that each join leaves with the ${who}`).toBeLessThan(200);
    }
  },
);
