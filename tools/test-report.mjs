/** How many of the longest jobs are named: whoever wants the run shorter begins there. */
const longestCount = 12;

/**
 * Writes what came of a run: a line for each step, then every test that failed, or that passed only at the second try, with its
 * reason. All of it at the end, where one looks first and where a log that was cut off still has it.
 *
 * @returns whether all is well.
 */
export function reportResults(results, totalMs) {
  console.log('\n=== summary');
  for (const [name, parts] of groupBySteps(results)) console.log(describeStep(name, parts));
  const longest = results.toSorted((one, other) => other.ms - one.ms).slice(0, longestCount);
  console.log(`longest: ${longest.map(({ job, ms }) => `${job.name} ${inSeconds(ms)}`).join(', ')}`);
  for (const result of results) {
    for (const { name, reason } of failuresOf(result)) console.log(`FAILED  ${name}\n        ${reason}`);
    for (const { name, reason } of secondTriesOf(result)) {
      console.log(`SECOND  ${name}\n        passed only when tried again; at first: ${reason}`);
    }
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts, ok } of results) {
    total.passed += counts?.passed ?? 0;
    total.skipped += counts?.skipped ?? 0;
    // What fails without a failed test to its name still is a failure.
    total.failed += ok ? 0 : Math.max(counts?.failed ?? 0, 1);
  }
  console.log(`${describeCounts(total)}, in ${(totalMs / 60_000).toFixed(1)} min`);
  return results.every(({ ok }) => ok);
}

/** A line for people on how many tests went how. */
export function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function groupBySteps(results) {
  const groups = new Map();
  for (const result of results) {
    const { name } = result.job.step;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}

function describeStep(name, parts) {
  const ok = parts.every((part) => part.ok);
  const ms = parts.reduce((sum, part) => sum + part.ms, 0);
  const counted = parts.flatMap(({ counts }) => (counts === null ? [] : [counts]));
  const sum = (key) => counted.reduce((total, counts) => total + counts[key], 0);
  const counts = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const notes = [
    counted.length === 0 ? '' : describeCounts(counts),
    parts.length === 1 ? '' : `${parts.length} jobs`,
    ...new Set(parts.flatMap((part) => part.notes)),
  ];
  return `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${inSeconds(ms).padStart(8)}  ${notes.filter(Boolean).join('; ')}`;
}

function failuresOf({ job, ok, notes, counts }) {
  if (ok) return [];
  const failures = counts?.failures ?? [];
  return failures.length > 0 ? failures : [{ name: job.name, reason: notes.join('; ') }];
}

function secondTriesOf({ job, ok, counts, firstTry }) {
  const within = counts?.secondTries ?? [];
  if (firstTry === undefined || !ok) return within;
  const before = firstTry.counts?.failures ?? [];
  return [...within, ...(before.length > 0 ? before : [{ name: job.name, reason: lastLinesOf(firstTry) }])];
}

function lastLinesOf({ notes, output }) {
  return [...notes, ...output.trim().split('\n').slice(-3)].join(' | ').slice(0, 300);
}

function inSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
