import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { ForeignFile, ForeignNote, ForeignOption } from './foreign-file.ts';
import type { GivenValue } from './given-values.ts';
import { findOptionByKey } from './option-names.ts';
import type { OptionName } from './option-table.ts';
import { readConfigText } from './read-config-file.ts';

/** Something to tell whoever gave a file of another program. */
export interface ConfigNote {
  /** `warn` where something that was asked for is not done. */
  readonly level: 'warn' | 'info';
  /** One line: file, place, and what of it. */
  readonly text: string;
}

/** A file of another program that was named, and by what. */
export interface NamedForeignFile {
  readonly kind: ForeignFile;
  readonly file: string;
  /** `--turn-config` or its name in the environment, for messages. */
  readonly place: string;
}

/** What the files of other programs say. */
export interface ForeignValues {
  readonly values: ReadonlyMap<OptionName, GivenValue>;
  readonly notes: readonly ConfigNote[];
}

const words: Readonly<Record<ForeignNote['kind'], string>> = {
  ignored: 'left out',
  refused: 'not done',
  unknown: 'unknown',
  changed: 'changed',
};

/** Beside the file, where the program runs, or above the file, as programs do that keep theirs in a folder of its own. */
function findFile(name: string, beside: string): string {
  if (isAbsolute(name)) return name;
  const folder = dirname(resolve(beside));
  const candidates = [resolve(folder, name), resolve(name), resolve(folder, '..', name)];
  return candidates.find((candidate) => existsSync(candidate)) ?? resolve(folder, name);
}

function readOption(option: ForeignOption, file: string): readonly [OptionName, GivenValue] {
  const name = findOptionByKey(option.key);
  if (name === undefined) throw new Error(`no option is called ${option.key}`);
  const texts = option.namesFile ? option.texts.map((text) => findFile(text, file)) : option.texts;
  return [name, { texts, place: `${basename(file)}, ${option.place}` }];
}

/**
 * Reads configuration files of other programs. Of two that say different things about one option neither is right, unless
 * `isDecided` says that something more important has the word on it.
 *
 * @throws ConfigError with one line that says what is wrong and where.
 */
export function readForeignFiles(
  files: readonly NamedForeignFile[],
  environment: Readonly<Record<string, string | undefined>>,
  isDecided: (name: OptionName) => boolean,
): ForeignValues {
  const values = new Map<OptionName, GivenValue>();
  const notes: ConfigNote[] = [];
  for (const { kind, file, place } of files) {
    const translated = kind.translate(readConfigText(file, place), environment);
    if (!translated.ok) throw new ConfigError(`${basename(file)}, ${translated.reason}`);
    for (const option of translated.value.options) {
      const [name, given] = readOption(option, file);
      const other = values.get(name);
      const isSame = other === undefined || other.texts.join('\n') === given.texts.join('\n');
      if (!isSame && !isDecided(name)) {
        throw new ConfigError(`${other.place} and ${given.place} differ; choose with --${option.key}`);
      }
      values.set(name, given);
    }
    for (const { place: where, kind: what, text } of translated.value.notes) {
      const level = what === 'refused' || what === 'unknown' ? 'warn' : 'info';
      notes.push({ level, text: `${basename(file)}, ${where} is ${words[what]}: ${text}` });
    }
  }
  return { values, notes };
}
