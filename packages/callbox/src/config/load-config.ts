import { asksForCertificate } from './asks-for-certificate.ts';
import { checkConfig } from './check-config.ts';
import type { CommandName } from './command-table.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { ForeignFile } from './foreign-file.ts';
import type { GivenValue, GivenValues } from './given-values.ts';
import { listForeignFiles } from './list-foreign-files.ts';
import { environmentNameOf, optionNames } from './option-names.ts';
import { optionTable, type OptionName } from './option-table.ts';
import { readConfigFile } from './read-config-file.ts';
import { readEnvironment } from './read-environment.ts';
import { readFlags, type CommandLine, type Flags } from './read-flags.ts';
import { readForeignFiles, type ConfigNote, type ForeignValues } from './read-foreign-files.ts';

/** What the person who started the program wants of it. */
export type Command =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: CommandName;
      readonly config: Config;
      readonly line: CommandLine;
      /** What files of other programs say, and what there is to tell of them. */
      readonly foreign: ForeignValues;
    };

function readOption(name: OptionName, given: GivenValue | undefined): unknown {
  const option = optionTable[name];
  const texts = given?.texts ?? [];
  const place = given?.place ?? name;
  if (!option.isRepeatable && texts.length > 1) throw new ConfigError(`${place} is given more than once`);
  const parsed = option.read(texts);
  if (parsed.ok) return parsed.value;
  // The value is repeated where it helps and may be shown.
  const written = texts.length === 1 && !option.isSecret ? ` ${JSON.stringify(texts[0])}` : '';
  throw new ConfigError(`${place}${written}: ${parsed.reason}`);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A file that was named by a flag or in the environment, and how. */
function findNamedFile(
  flag: string,
  flags: Flags & { readonly files: ReadonlyMap<string, string> },
  environment: Environment,
): { readonly file: string; readonly place: string } | undefined {
  const written = flags.files.get(flag);
  if (written !== undefined) return { file: written, place: `--${flag}` };
  const place = environmentNameOf(flag);
  const found = environment[place];
  return found === undefined || found === '' ? undefined : { file: found, place };
}

/** Tells of what our own file and another program's say differently: ours counts. */
function findOverruled(own: GivenValues | undefined, { values, notes }: ForeignValues): ForeignValues {
  const overruled = [...values].flatMap(([name, { texts, place }]): readonly ConfigNote[] => {
    const other = own?.get(name);
    if (other === undefined || other.texts.join('\n') === texts.join('\n')) return [];
    return [{ level: 'warn', text: `${place} is overruled: ${other.place} says otherwise` }];
  });
  return { values, notes: [...notes, ...overruled] };
}

/**
 * Puts the configuration together: flags before environment before our own file before files of other programs before default.
 *
 * @param foreignFiles the kinds of files of other programs that can be read.
 * @throws ConfigError with one line that says what is wrong and where.
 */
export async function loadConfig(
  args: readonly string[],
  environment: Environment,
  foreignFiles: readonly ForeignFile[] = listForeignFiles(),
): Promise<Command> {
  const flags = readFlags(args, ['config', ...foreignFiles.map(({ flag }) => flag)]);
  if (!('values' in flags)) return { wants: flags.wants };

  const ownFile = findNamedFile('config', flags, environment);
  const fromFile = ownFile === undefined ? undefined : await readConfigFile(ownFile.file, ownFile.place);
  const fromEnvironment = readEnvironment(environment);
  const givenHere = (name: OptionName): GivenValue | undefined =>
    flags.values.get(name) ?? fromEnvironment.get(name) ?? fromFile?.get(name);

  const named = foreignFiles.flatMap((kind) => {
    const found = findNamedFile(kind.flag, flags, environment);
    return found === undefined ? [] : [{ kind, ...found }];
  });
  const foreign = findOverruled(
    fromFile,
    readForeignFiles(named, environment, (name) => givenHere(name) !== undefined),
  );
  const given = (name: OptionName): GivenValue | undefined => givenHere(name) ?? foreign.values.get(name);

  const values: Record<string, unknown> = {};
  for (const name of optionNames) values[name] = readOption(name, given(name));
  if (asksForCertificate(values as Config)) {
    for (const name of optionNames) {
      const { defaultTextWithAcme } = optionTable[name];
      if (defaultTextWithAcme === undefined || given(name) !== undefined) continue;
      values[name] = readOption(name, { texts: [defaultTextWithAcme], place: name });
    }
  }
  const config = values as Config;
  checkConfig(config);
  return { wants: flags.wants, config, line: { words: flags.words, flags: flags.flags }, foreign };
}
