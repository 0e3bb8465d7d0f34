// npm test: everything that proves this repository, on a machine that has Node and git and nothing else.
// npm test -- STEP [ARGUMENT...] runs one step, and hands it the arguments.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';
import { runCommand, signalAll } from './run-command.mjs';
import { runJobs } from './run-jobs.mjs';
import { listMissingPrograms } from './system-programs.mjs';
import { listJobs } from './test-jobs.mjs';
import { describeCounts, reportResults } from './test-report.mjs';
import { findIsolation, steps } from './test-steps.mjs';
import { countResults } from './vitest-results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const resultsFolder = join(root, 'artifacts', 'results');
/** Where calls that fail leave their pictures and logs. */
const evidenceFolder = join(root, 'artifacts', 'e2e');
/** Where nobody reads along, what is skipped would never be missed: there, a skip is a failure. */
const mayNotSkip = process.env.CI === 'true';
const prepareOptions = { cwd: root, timeoutMs: 15 * 60_000, keepsOutput: true };
/** More jobs than this do not fail by chance: they are not tried again. */
const maxSecondTries = 12;

const [wanted, ...stepArguments] = process.argv.slice(2);
const chosen = steps.filter((step) => wanted === undefined || wanted === step.name);
if (chosen.length === 0) {
  console.error(`no step is called ${wanted}; there are ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

process.chdir(root);
for (const folder of [resultsFolder, evidenceFolder]) rmSync(folder, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    signalAll(signal);
    process.exit(130);
  });
}

const beganAt = performance.now();
if (!(await installPackages())) {
  console.error('the npm packages cannot be installed');
  process.exit(1);
}
const results = await runAll();
process.exitCode = reportResults(results, performance.now() - beganAt) ? 0 : 1;
if (existsSync(evidenceFolder)) console.log('Evidence of failed calls: artifacts/e2e');

async function runAll() {
  const isEarly = (step) => !step.needsPrograms && !step.isolated && !step.isLast && step.parts === undefined;
  // What stands on npm's packages alone runs while the system's are fetched.
  const prepared = prepare();
  const early = await runBeside(chosen.filter(isEarly), null);
  const results = [await prepared, ...early];
  const isolation = findIsolation();
  if (isolation === null && chosen.some((step) => step.isolated)) {
    console.log(
      '\n*** NOT TESTED HERE: no network of the tests’ own can be made here: browsers run on this machine’s, without blocked ports',
    );
  }
  results.push(
    ...(await runBeside(
      chosen.filter((step) => !isEarly(step) && !step.isLast),
      isolation,
    )),
  );
  const repeated = await repeatFailed(results);
  const last = chosen.filter(({ isLast }) => isLast);
  return [...results.map((result) => repeated.get(result) ?? result), ...(await runBeside(last, null))];
}

/** Fetches the programs that the chosen steps stand on, and says which could not be had. */
async function prepare() {
  const start = performance.now();
  const missing = chosen.some((step) => step.needsPrograms) ? await providePrograms() : [];
  for (const gap of missing) console.log(`\n*** NOT TESTED HERE: ${gap}`);
  return {
    job: { name: 'prepare', step: { name: 'prepare' } },
    ok: !mayNotSkip || missing.length === 0,
    ms: performance.now() - start,
    notes: missing,
    counts: null,
    isRepeatable: false,
    output: '',
  };
}

async function providePrograms() {
  const missingAtFirst = await listMissingPrograms();
  if (missingAtFirst.length === 0) return [];
  const { output } = await runCommand([process.execPath, 'tools/install-programs.mjs'], prepareOptions);
  console.log(output.trimEnd());
  const missing = await listMissingPrograms();
  if (!missing.some((line) => line.startsWith('chromium'))) return missing;
  // Who may not install one for the machine can have one for themselves.
  await runCommand(
    [process.execPath, 'node_modules/playwright-core/cli.js', 'install', 'chromium'],
    prepareOptions,
  );
  return listMissingPrograms();
}

/** Runs steps: those that come first, then beside each other what can be, then what must be alone. */
async function runBeside(stepsToRun, isolation) {
  // What a step is told by hand is for all of it.
  const jobs = listJobs(stepsToRun, { isolation, isSplit: stepArguments.length === 0, resultsFolder });
  const first = jobs.filter(({ isFirst }) => isFirst);
  const alone = jobs.filter(({ isAlone }) => isAlone);
  const beside = jobs.filter((job) => !first.includes(job) && !alone.includes(job));
  return [
    ...(await runOneByOne(first)),
    ...(await runJobs(beside, availableParallelism(), runJob)),
    ...(await runOneByOne(alone)),
  ];
}

function runOneByOne(jobs) {
  return runJobs(
    jobs.map((job) => ({ ...job, cores: Infinity })),
    1,
    runJob,
  );
}

/**
 * What has failed beside others, or by a mood of a browser, has a second try with the machine to itself; the report names it.
 */
async function repeatFailed(results) {
  const failed = results.filter(({ ok, isRepeatable }) => !ok && isRepeatable);
  const repeated = new Map();
  if (failed.length > maxSecondTries) return repeated;
  for (const result of failed) {
    const again = await runJob(result.job);
    repeated.set(result, { ...again, firstTry: result });
  }
  return repeated;
}

async function runJob(job) {
  // What runs beside others says what it has to say when it ends.
  const keepsOutput = stepArguments.length === 0;
  if (!keepsOutput) console.log(`\n=== ${job.name}`);
  const start = performance.now();
  if (job.report !== null) rmSync(job.report, { force: true });
  const { fault, output } = await runCommand([...job.command, ...stepArguments], {
    cwd: root,
    timeoutMs: job.step.timeoutMs,
    keepsOutput,
  });
  const ms = performance.now() - start;
  const counts = job.report === null ? null : countResults(job.report);
  const skips = mayNotSkip && (counts?.skipped ?? 0) > 0;
  const ok = fault === '' && !skips && (job.report === null || counts !== null);
  const notes = [fault, skips ? 'nothing may be skipped here' : ''].filter(Boolean);
  if (keepsOutput) {
    const how = [counts === null ? '' : describeCounts(counts), ...notes].filter(Boolean).join('; ');
    console.log(`\n=== ${job.name}: ${ok ? 'ok' : 'FAILED'} after ${(ms / 1000).toFixed(1)} s  ${how}`);
    console.log(output.trimEnd());
  }
  // What is skipped once is skipped again.
  return { job, ok, ms, notes, counts, isRepeatable: fault !== '', output };
}
