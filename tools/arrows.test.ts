import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const importRule = 'no-restricted-imports';
const globalRule = 'no-restricted-globals';

/** Where a file stands, what it may import, and what it must not. */
interface Place {
  readonly file: string;
  readonly mayImport: readonly string[];
  readonly mustNotImport: readonly string[];
}

/** ARCHITECTURE.md, "Arrows": one place in each package. */
const places: readonly Place[] = [
  {
    file: 'packages/stun/src/message/place.ts',
    mayImport: ['node:crypto', './near.ts'],
    mustNotImport: ['@callbox/turn', '@callbox/contract', '@callbox/signaling', '@callbox/client', 'callbox'],
  },
  {
    file: 'packages/turn/src/server/place.ts',
    mayImport: ['@callbox/stun', 'node:dgram'],
    mustNotImport: [
      '@callbox/contract',
      '@callbox/signaling',
      '@callbox/client',
      '@callbox/compat',
      'callbox',
    ],
  },
  {
    file: 'packages/contract/src/place.ts',
    mayImport: ['valibot'],
    mustNotImport: [
      'node:crypto',
      '@callbox/stun',
      '@callbox/turn',
      '@callbox/signaling',
      '@callbox/client',
      'callbox',
    ],
  },
  {
    file: 'packages/signaling/src/gateway/place.ts',
    mayImport: ['@callbox/contract', 'socket.io', 'node:http'],
    mustNotImport: ['@callbox/stun', '@callbox/turn', '@callbox/client', '@callbox/compat', 'callbox'],
  },
  {
    file: 'packages/client/src/room/place.ts',
    mayImport: ['@callbox/contract', 'socket.io-client'],
    mustNotImport: [
      'node:events',
      '@callbox/signaling',
      '@callbox/turn',
      'callbox',
      'preact',
      'preact/hooks',
      '@preact/signals',
    ],
  },
  {
    file: 'packages/compat/src/wire/place.ts',
    mayImport: ['@callbox/signaling', '@callbox/contract', 'engine.io', 'node:http'],
    mustNotImport: ['@callbox/client', '@callbox/turn', '@callbox/stun', 'callbox'],
  },
  {
    file: 'packages/compat/src/config/place.ts',
    mayImport: ['node:net', './near.ts'],
    mustNotImport: ['node:fs', 'node:fs/promises', '@callbox/signaling', '@callbox/contract', 'callbox'],
  },
  {
    file: 'packages/compat/src/browser/place.ts',
    mayImport: ['@callbox/client', '@callbox/contract'],
    mustNotImport: ['node:events', '@callbox/signaling', '@callbox/turn', 'callbox'],
  },
  {
    file: 'apps/web/src/features/place.tsx',
    mayImport: ['@callbox/client', 'preact', '@preact/signals'],
    mustNotImport: [
      'node:path',
      '@callbox/contract',
      '@callbox/signaling',
      '@callbox/turn',
      '@callbox/compat/browser',
      '@callbox/compat',
      'callbox',
    ],
  },
  {
    file: 'packages/callbox/src/place.ts',
    mayImport: ['@callbox/turn', '@callbox/signaling', '@callbox/contract', 'node:fs'],
    mustNotImport: [
      '@callbox/client',
      '@callbox/web',
      '@callbox/stun',
      '@callbox/compat',
      '@callbox/compat/browser',
    ],
  },
  {
    file: 'packages/callbox/src/old-world/place.ts',
    mayImport: ['@callbox/compat', '@callbox/turn', '@callbox/signaling', '@callbox/contract', 'node:fs'],
    mustNotImport: ['@callbox/client', '@callbox/web', '@callbox/stun', '@callbox/compat/browser'],
  },
];

/** Who reads the environment and the arguments: the program and nobody else. */
const placesWithoutProcess = places
  .map(({ file }) => file)
  .filter((file) => !file.startsWith('packages/callbox/'));

/** Where time and chance come in from outside, and nothing goes out. */
const purePlaces = [
  'packages/stun/src/attributes/pure.ts',
  'packages/contract/src/pure.ts',
  'packages/turn/src/codec/pure.ts',
  'packages/turn/src/auth/pure.ts',
  'packages/turn/src/allocation/pure.ts',
  'packages/turn/src/policy/pure.ts',
  'packages/turn/src/control/pure.ts',
  'packages/signaling/src/rooms/pure.ts',
  'packages/client/src/logic/pure.ts',
  'packages/compat/src/config/pure.ts',
];
const impureGlobals = [
  'process',
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'console',
];

/** Small files, each with one import or one use of a global, by the path at which the linter is to find them. */
const specimens = new Map<string, string>();

/** Lays a specimen beside `place`, in a file of its own. */
function lay(place: string, source: string): string {
  const file = place.replace(/\/(\w+)\./, `/$1-${specimens.size}.`);
  specimens.set(file, `${source}\n`);
  return file;
}

const importing = (name: string) => `import * as thing from '${name}';\nexport const kept = thing;`;
const importingLater = (name: string) => `export const thing = import('${name}');`;
const using = (name: string) => `export const kept = ${name};`;

const importCases = places.map(({ file, mayImport, mustNotImport }) => ({
  file,
  free: mayImport.map((name) => ({ name, file: lay(file, importing(name)) })),
  forbidden: mustNotImport.flatMap((name) => [
    { name, file: lay(file, importing(name)) },
    { name: `${name}, later`, file: lay(file, importingLater(name)) },
  ]),
}));
const processCases = placesWithoutProcess.map((file) => ({ file, specimen: lay(file, using('process')) }));
const processOfTheProgram = lay('packages/callbox/src/place.ts', using('process'));
const pureCases = purePlaces.map((file) => ({
  file,
  free: lay(file, using('structuredClone')),
  forbidden: impureGlobals.map((name) => ({ name, file: lay(file, using(name)) })),
}));
const timerOfTheServer = lay('packages/turn/src/server/place.ts', using('setTimeout'));
const importOfATest = lay('packages/stun/src/message/place.test.ts', importing('@callbox/turn'));

let folder: string;
const findings = new Map<string, string[]>();

const isFound = (rule: string) => (specimen: { readonly file: string }) =>
  findings.get(specimen.file)?.includes(`eslint(${rule})`) ?? false;
const nameOf = ({ name }: { readonly name: string }) => name;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'callbox-arrows-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [file, source] of specimens) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
  }
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json', '.'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics)
    findings.set(filename, [...(findings.get(filename) ?? []), code]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the arrows of the architecture, as rules of the linter', () => {
  test.for(importCases)('$file imports what it may and nothing else', ({ free, forbidden }) => {
    expect(free.filter(isFound(importRule)).map(nameOf)).toEqual([]);
    expect(forbidden.filter(isFound(importRule)).map(nameOf)).toEqual(forbidden.map(nameOf));
  });

  test('a test file may import what the file beside it may not', () => {
    expect(isFound(importRule)({ file: importOfATest })).toBe(false);
  });

  test('only the program reads the environment and the arguments', () => {
    const caught = processCases.filter(({ specimen }) => isFound(globalRule)({ file: specimen }));
    expect(caught.map(({ file }) => file)).toEqual(placesWithoutProcess);
    expect(isFound(globalRule)({ file: processOfTheProgram })).toBe(false);
  });

  test.for(pureCases)('$file has no clock, no timer, no network and no log', ({ free, forbidden }) => {
    expect(forbidden.filter(isFound(globalRule)).map(nameOf)).toEqual(impureGlobals);
    expect(isFound(globalRule)({ file: free })).toBe(false);
  });

  test('outside the pure folders a timer is nothing special', () => {
    expect(isFound(globalRule)({ file: timerOfTheServer })).toBe(false);
  });

  test('every rule that draws an arrow is tried here', () => {
    const config = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
      overrides: { files: string[]; rules: Record<string, unknown> }[];
    };
    const patterns = config.overrides
      .filter(({ rules }) => importRule in rules || globalRule in rules)
      .flatMap(({ files }) => files)
      .flatMap((pattern) => spellOutBraces(pattern.replace('{ts,tsx}', 'ts*')));
    const untried = patterns.filter((pattern) => {
      const expression = new RegExp(
        `^${pattern.replaceAll('.', '\\.').replaceAll('**/*', '.+').replace('ts*', 'tsx?')}$`,
      );
      return ![...specimens.keys()].some((file) => expression.test(file));
    });
    expect(patterns.length).toBeGreaterThan(0);
    expect(untried).toEqual([]);
  });
});

/** `{a,b}/c` as `a/c` and `b/c`, braces within braces too. */
function spellOutBraces(pattern: string): string[] {
  const innermost = /\{([^{}]*)\}/.exec(pattern);
  if (innermost === null) return [pattern];
  const [braces, choices = ''] = innermost;
  return choices.split(',').flatMap((choice) => spellOutBraces(pattern.replace(braces, choice)));
}
