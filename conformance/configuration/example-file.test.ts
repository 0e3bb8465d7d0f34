import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { TranslationError, translateTurnserverConf, turnserverKeys, type KeyFate } from '@callbox/compat';
import { expect, test } from 'vitest';
import { describeWithPrograms } from '../turn/servers/describe-with-programs.ts';
import { findProgram } from '../turn/servers/find-program.ts';

const exampleFile = '/etc/turnserver.conf';

/** A key alone on a line, with or without a value, also where it is commented out. Sentences are none. */
const settingPatterns = [
  /^# ?(?<setting>(?<key>[A-Za-z][\w-]+)=.*)$/u,
  /^#?(?<setting>(?<key>[A-Za-z][\w-]+))$/u,
  /^(?<setting>(?<key>[A-Za-z][\w-]+)=.*)$/u,
  /^#(?<setting>(?<key>[a-z-]+) ".*")$/u,
];

function listSettings(text: string): readonly { readonly key: string; readonly setting: string }[] {
  return text.split('\n').flatMap((line) => {
    const groups = settingPatterns.map((pattern) => pattern.exec(line)?.groups).find((found) => found);
    return groups === undefined ? [] : [{ key: groups['key'] ?? '', setting: groups['setting'] ?? '' }];
  });
}

/** What a setting becomes: options, notes, or why the server would not start. */
function outcomeOf(setting: string): string {
  try {
    const { options, notes } = translateTurnserverConf(setting);
    return (
      [...options.map(({ key }) => `option ${key}`), ...notes.map(({ kind }) => kind)].join(', ') || 'nothing'
    );
  } catch (error) {
    if (!(error instanceof TranslationError)) throw error;
    return error.message;
  }
}

/** Some keys do something only with others, and a few examples ask for what is so in any case, or are no values. */
const outcomesOfFate: Readonly<Record<KeyFate, RegExp>> = {
  mapped: /^option |^nothing$|^line 1: .*(?:holds for one realm|is wanted)/u,
  always: /^nothing$/u,
  ignored: /^(?:ignored|nothing)$/u,
  refused: /^(?:refused|nothing)$/u,
  stops: /^line 1: .+: .+/u,
};

describeWithPrograms(['turnserver'], () => {
  test('the list has every key of the example file on this machine’s disk', () => {
    const keys = listSettings(readFileSync(exampleFile, 'utf8')).map(({ key }) => key);
    expect(new Set(keys).size).toBeGreaterThan(90);
    expect(keys.filter((key) => !turnserverKeys.has(key))).toEqual([]);
  });

  test('the list has every key that this machine’s coturn knows on its command line', () => {
    const { stdout, stderr } = spawnSync(findProgram('turnserver') ?? '', ['-h'], { encoding: 'utf8' });
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => /^ +-/u.test(line));
    const keys = lines.flatMap(
      (line) => /^ *(?:-\w,?[ ,]*)?--(?<key>[A-Za-z][\w-]*)/u.exec(line)?.groups?.['key'] ?? [],
    );
    expect(new Set(keys).size).toBeGreaterThan(90);
    expect(keys.filter((key) => !turnserverKeys.has(key))).toEqual([]);
  });

  test('the example file, with every key switched on in turn, does what the list says', () => {
    const wrong = listSettings(readFileSync(exampleFile, 'utf8'))
      .map(({ key, setting }) => ({ key, outcome: outcomeOf(setting), fate: turnserverKeys.get(key)?.fate }))
      .filter(({ outcome, fate }) => fate === undefined || !outcomesOfFate[fate].test(outcome));
    // Alone it asks for a secret in a database.
    expect(wrong).toEqual([{ key: 'use-auth-secret', outcome: 'refused', fate: 'always' }]);
  });

  test('the example file, key by key, has the outcomes that are written down', async () => {
    const outcomes = listSettings(readFileSync(exampleFile, 'utf8')).map(
      ({ key, setting }) => `${key}: ${outcomeOf(setting)}`,
    );
    const text = `${[...new Set(outcomes)].toSorted().join('\n')}\n`;
    await expect(text).toMatchFileSnapshot('example-file.golden');
  });

  test('the example file as it comes starts with nothing but its switches', () => {
    const { options, notes } = translateTurnserverConf(readFileSync(exampleFile, 'utf8'));
    expect(options).toEqual([]);
    expect(notes.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  });
});
