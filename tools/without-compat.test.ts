import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** All that stands and falls with the old world. */
const oldWorld = [
  'packages/compat',
  'packages/callbox/src/old-world',
  'conformance/legacy',
  'conformance/configuration',
  'examples/simplewebrtc-page',
];
const isOldWorld = (path: string) =>
  oldWorld.some((part) => path === part || path.startsWith(`${part}/`)) || path.startsWith('e2e/legacy');

/** By what the rest names it: the one line of the program, and what the build is told of packages. */
const namings = [
  { file: 'packages/callbox/src/extensions.ts', naming: /^import .*\/old-world\/.*\n|\boldWorld\b/gm },
  { file: 'packages/callbox/tsconfig.json', naming: /,?\s*\{ "path": "\.\.\/compat" \}/g },
  { file: 'tsconfig.json', naming: /\{ "path": "packages\/compat(?:\/src\/browser)?" \},?/g },
];

const notCopied = new Set(['node_modules', 'dist', 'artifacts', '.git']);
let copy: string;

/** What stands under a folder, without what is installed or built. */
function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (notCopied.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'callbox-without-'));
  cpSync(root, copy, {
    recursive: true,
    filter: (source) => !notCopied.has(basename(source)) && !isOldWorld(relative(root, source)),
  });
  for (const { file, naming } of namings) {
    const text = readFileSync(join(root, file), 'utf8');
    writeFileSync(join(copy, file), text.replace(naming, ''));
  }
  // What is installed, with our own packages from the copy: so none of them is found where it was left out.
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@callbox'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@callbox' && name !== 'callbox')
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join(copy, 'packages/callbox'), join(modules, 'callbox'));
  for (const name of ['stun', 'turn', 'contract', 'signaling', 'client'])
    symlinkSync(join(copy, 'packages', name), join(modules, '@callbox', name));
}, 120_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('without the old world', () => {
  test('everything else is of sound types', { timeout: 300_000 }, () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.check.json'],
      { cwd: copy, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('the program starts and ends, as its own test says', { timeout: 300_000 }, () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'packages/callbox/src/program.test.ts'],
      { cwd: copy, encoding: 'utf8' },
    );
    expect(status, stdout + stderr).toBe(0);
  });
});

describe('the words of the old world', () => {
  /** Where they may stand: the fence, and what speaks to people. Beside them, comparisons with coturn. */
  const allowed = [
    /\.md$/,
    /^packages\/callbox\/src\/config\/option-table\.ts$/,
    /^packages\/callbox\/src\/extensions\.ts$/,
    /^conformance\/turn\//,
    /^bench\//,
    /^e2e\/(?:spikes\/|foreign-relay\.test\.ts$|program\/start-coturn\.ts$)/,
    /^(?:e2e\/)?package\.json$/,
    /^packages\/turn\/src\/codec\/channel-data\.test\.ts$/,
    /^tools\/(?:system-programs|test-steps)\.mjs$/,
    /^tools\/without-compat\.test\.ts$/,
    /^package-lock\.json$/,
  ];
  const words = /simplewebrtc|signalmaster|coturn/i;
  const comment = /^\s*(?:\/\/|\/?\*)/;

  test('stand nowhere else, but in comments that cite a behaviour', () => {
    const suspects = [...filesUnder('')].filter(
      (path) => /\.(?:[mc]?[jt]sx?|json|html|css|sh)$/.test(path) && !isOldWorld(path),
    );
    const leaks = suspects
      .filter((path) => !allowed.some((pattern) => pattern.test(path)))
      .flatMap((path) =>
        readFileSync(join(root, path), 'utf8')
          .split('\n')
          .filter((text) => words.test(text) && !comment.test(text))
          .map((text) => `${path}: ${text.trim()}`),
      );
    expect(suspects.length).toBeGreaterThan(100);
    expect(leaks).toEqual([]);
  });
});
