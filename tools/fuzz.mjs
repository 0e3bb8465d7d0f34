// node tools/fuzz.mjs [--minutes N] [--seed N] [--keep]: every fuzz test, N minutes in all (one by default).
// --keep adds to the corpus of control what the run came upon.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes wants a number');
  process.exit(2);
}

// One file at a time: each takes its share of the time.
const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'fuzz.test', '--no-file-parallelism'];
const { status } = spawnSync(process.execPath, vitest, {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    FUZZ_SECONDS: String(minutes * 60),
    ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }),
    ...(values.keep ? { FUZZ_KEEP: '1' } : {}),
  },
});
process.exitCode = status ?? 1;
