import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Explorer, type Finding } from '../testing/fuzz/explorer.ts';
import { playScenario } from '../testing/fuzz/play-scenario.ts';
import { fuzzMs, repeatFor } from '../testing/fuzz/repeat-for.ts';
import type { Scenario } from '../testing/fuzz/scenario.ts';
import { createSeededRandom, fuzzSeed } from '../testing/seeded-random.ts';

/** One scenario a line. What is found goes in here with its mend; FUZZ_KEEP=1 adds what a run came upon besides. */
const CORPUS = new URL('../../corpus/scenarios.jsonl', import.meta.url);
const SEED = fuzzSeed(process.env['FUZZ_SEED']);
const DURATION_MS = fuzzMs(process.env['FUZZ_SECONDS'], 0.5);
const MAX_SHOWN = 5;

function readCorpus(): readonly Scenario[] {
  return readFileSync(CORPUS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Scenario);
}

/** Ready for the corpus. */
function show(findings: readonly Finding[]): readonly string[] {
  return findings
    .slice(0, MAX_SHOWN)
    .map(({ finding, scenario }) => `${finding}\n${JSON.stringify(scenario)}`);
}

describe('scenarios of several clients', () => {
  test('that have been kept leave nothing behind and break no rule', () => {
    const findings = readCorpus().flatMap((scenario) =>
      playScenario(scenario).findings.map((finding) => ({ finding, scenario })),
    );
    expect(show(findings)).toEqual([]);
  });

  test(
    `that nobody has thought of leave nothing behind and break no rule (FUZZ_SEED=${SEED})`,
    async () => {
      const explorer = new Explorer(createSeededRandom(SEED));
      for (const scenario of readCorpus()) explorer.play(scenario);
      const known = explorer.features;
      await repeatFor(DURATION_MS, () => {
        if (explorer.findings.length < MAX_SHOWN) explorer.play();
      });
      const { scenarios, messages, features, findings } = explorer;
      process.stderr.write(
        `fuzz of control: ${scenarios} scenarios, ${messages} messages, ${features} features\n`,
      );
      if (process.env['FUZZ_KEEP'] !== undefined) {
        writeFileSync(
          CORPUS,
          explorer
            .distill()
            .map((scenario) => `${JSON.stringify(scenario)}\n`)
            .join(''),
        );
      }
      expect(show(findings)).toEqual([]);
      // Fuzz that finds nothing new is stuck.
      expect(features).toBeGreaterThan(known);
    },
    DURATION_MS + 60_000,
  );
});
