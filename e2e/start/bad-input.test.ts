import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callbox-bad-input-'));
  await writeFile(join(folder, 'unknown-key.yaml'), 'prot: 9000\n');
  await writeFile(join(folder, 'not-yaml.yaml'), 'port: [9000\n');
  await writeFile(join(folder, 'wrong-value.yaml'), 'port: many\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is wrong, what is given, and the word that the answer must hold. */
const cases: readonly {
  readonly fault: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly names: string;
}[] = [
  { fault: 'an unknown flag', flags: ['--prot', '9000'], names: '--prot' },
  { fault: 'a word that is no flag', flags: ['serve-me'], names: 'serve-me' },
  { fault: 'a flag without its value', flags: ['--port'], names: '--port' },
  { fault: 'a port above the last', flags: ['--port', '70000'], names: '70000' },
  { fault: 'a port below the first', flags: ['--turn-port', '0'], names: '--turn-port' },
  { fault: 'a port that is no number', flags: ['--signal-port', 'many'], names: 'many' },
  { fault: 'a range that runs backwards', flags: ['--relay-ports', '6000-5000'], names: '6000-5000' },
  {
    fault: 'a CIDR block with too long a prefix',
    flags: ['--allow-peer', '10.0.0.0/33'],
    names: '10.0.0.0/33',
  },
  { fault: 'a CIDR block that is none', flags: ['--deny-peer', 'everyone'], names: 'everyone' },
  { fault: 'a public address that is none', flags: ['--public-address', 'here'], names: 'here' },
  { fault: 'a user without a password', flags: ['--turn-user', 'ana'], names: '--turn-user' },
  { fault: 'a role that does not exist', flags: ['--roles', 'turn,cook'], names: 'cook' },
  { fault: 'a room for nobody', flags: ['--max-participants', '0'], names: '--max-participants' },
  { fault: 'a log level that does not exist', flags: ['--log-level', 'loud'], names: 'loud' },
  { fault: 'a certificate without its key', flags: ['--cert', main], names: '--key' },
  {
    fault: 'a configuration file that is missing',
    flags: ['--config', 'missing.yaml'],
    names: 'missing.yaml',
  },
  { fault: 'a configuration file that is a folder', flags: ['--config', '.'], names: '.' },
  { fault: 'an unknown key', flags: ['--config', 'unknown-key.yaml'], names: 'prot' },
  { fault: 'a file that is no YAML', flags: ['--config', 'not-yaml.yaml'], names: 'not-yaml.yaml' },
  { fault: 'a wrong value in a file', flags: ['--config', 'wrong-value.yaml'], names: 'many' },
  { fault: 'a wrong value in the environment', environment: { CALLBOX_PORT: 'many' }, names: 'CALLBOX_PORT' },
];

describe('what the program cannot run with', () => {
  test.for(cases)(
    '$fault: one line that names it, and exit code 2',
    async ({ flags, environment, names }) => {
      const { code, stdout, stderr } = await runProgram(flags ?? [], environment ?? {});
      expect(stderr).toMatch(/^callbox: [^\n]+\n$/);
      expect(stderr).toContain(names);
      expect(code).toBe(2);
      expect(stdout).toBe('');
    },
  );
});

function runProgram(
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...flags], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A program that starts after all must not stay.
      timeout: 15_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
