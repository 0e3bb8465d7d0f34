// npm test: everything that proves this repository, on a machine that has Node and git and nothing else.
// npm test -- STEP [ARGUMENT...] runs one step, and hands it the arguments.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';
import { provideSystemPrograms } from './system-programs.mjs';
import { findIsolation, steps } from './test-steps.mjs';
import { countResults } from './vitest-results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const resultsFolder = join(root, 'artifacts', 'results');
/** Where calls that fail leave their pictures and logs. */
const evidenceFolder = join(root, 'artifacts', 'e2e');
/** Where nobody reads along, what is skipped would never be missed: there, a skip is a failure. */
const mayNotSkip = process.env.CI === 'true';

const [wanted, ...stepArguments] = process.argv.slice(2);
const chosen = steps.filter((step) => wanted === undefined || wanted === step.name);
if (chosen.length === 0) {
  console.error(`no step is called ${wanted}; there are ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

process.chdir(root);
for (const folder of [resultsFolder, evidenceFolder]) rmSync(folder, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });

/** The step that runs now: it hears of a Ctrl-C from us, having a process group of its own. */
let running = null;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (running !== null) signalGroup(running, signal);
    process.exit(130);
  });
}

const results = [];
const gaps = await prepare();
const isolation = findIsolation();
if (isolation === null && chosen.some((step) => step.isolated)) {
  gaps.push(
    'no network of the tests’ own can be made here: browsers run on this machine’s, without blocked ports',
  );
}
for (const gap of gaps) console.log(`\n*** NOT TESTED HERE: ${gap}`);
for (const step of chosen) results.push(await runStep(step));
report();

/** Fetches what the chosen steps stand on. Returns what could not be had. */
async function prepare() {
  const start = performance.now();
  const hasPackages = await installPackages();
  if (!hasPackages) {
    console.error('the npm packages cannot be installed');
    process.exit(1);
  }
  const missing = chosen.some((step) => step.needsPrograms) ? await providePrograms() : [];
  results.push({
    name: 'prepare',
    ok: !mayNotSkip || missing.length === 0,
    ms: performance.now() - start,
    note: '',
  });
  return missing;
}

async function providePrograms() {
  const missing = await provideSystemPrograms();
  if (!missing.some((line) => line.startsWith('chromium'))) return missing;
  // Who may not install one for the machine can have one for themselves.
  await run([process.execPath, 'node_modules/playwright-core/cli.js', 'install', 'chromium'], 10 * 60_000);
  return provideSystemPrograms();
}

async function runStep(step) {
  console.log(`\n=== ${step.name}`);
  const start = performance.now();
  const file = join(resultsFolder, `${step.name}.json`);
  const base =
    step.vitest === undefined
      ? step.command
      : [
          process.execPath,
          'node_modules/vitest/vitest.mjs',
          'run',
          ...step.vitest,
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${file}`,
        ];
  const command = [...(step.isolated && isolation !== null ? [isolation] : []), ...base, ...stepArguments];
  const exit = await run(command, step.timeoutMs);
  const counts = step.vitest === undefined ? null : countResults(file);
  const skips = mayNotSkip && (counts?.skipped ?? 0) > 0;
  const notes = [
    counts === null ? '' : describe(counts),
    exit === 0 ? '' : exit,
    skips ? 'nothing may be skipped here' : '',
  ];
  return {
    name: step.name,
    ok: exit === 0 && !skips && (step.vitest === undefined || counts !== null),
    ms: performance.now() - start,
    note: notes.filter(Boolean).join('; '),
    counts,
  };
}

/**
 * Runs a command to its end, or to its deadline. Resolves with 0, or with a word on how it ended. It leads a process
 * group, so that none of the browsers and servers it has started outlives it.
 */
function run([program, ...parameters], timeoutMs) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'inherit', 'inherit'],
      cwd: root,
      detached: true,
    });
    running = child;
    const timers = [
      setTimeout(() => signalGroup(child, 'SIGTERM'), timeoutMs),
      setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs + 10_000),
    ];
    const end = (how) => {
      for (const timer of timers) clearTimeout(timer);
      running = null;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => {
      end(code === 0 ? 0 : signal === null ? `exit code ${code}` : `ended by ${signal}`);
    });
  });
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them have ended.
  }
}

function describe(counts) {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

function report() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts, ok } of results) {
    total.passed += counts?.passed ?? 0;
    total.skipped += counts?.skipped ?? 0;
    // A step that fails without a failed test to its name still is a failure.
    total.failed += ok ? 0 : Math.max(counts?.failed ?? 0, 1);
  }
  console.log('\n=== summary');
  for (const { name, ok, ms, note } of results) {
    console.log(
      `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${(ms / 1000).toFixed(1).padStart(6)} s  ${note}`,
    );
  }
  // Once more at the end, where one looks first and where a log that was cut off still has it.
  for (const { counts } of results) {
    for (const { name, reason } of counts?.failures ?? []) console.log(`FAILED  ${name}\n        ${reason}`);
    for (const { name, reason } of counts?.secondTries ?? []) {
      console.log(`SECOND  ${name}\n        passed only when tried again; at first: ${reason}`);
    }
  }
  if (existsSync(evidenceFolder)) console.log('Evidence of failed calls: artifacts/e2e');
  console.log(describe(total));
  process.exitCode = results.every((result) => result.ok) ? 0 : 1;
}
