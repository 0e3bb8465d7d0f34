import { parseArgs } from 'node:util';
import { commandNames, commandTable, type CommandEntry, type CommandName } from './command-table.ts';
import { ConfigError } from './config-error.ts';
import { findClosestName } from './find-closest-name.ts';
import type { GivenValue, GivenValues } from './given-values.ts';
import { findOptionByKey, keyOf, optionNames } from './option-names.ts';
import { optionTable, type OptionName } from './option-table.ts';

/** What was written for one command alone. */
export interface CommandLine {
  /** What follows the command and is no flag. */
  readonly words: readonly string[];
  /** Its own flags that were given, with their values; those without one have an empty text. */
  readonly flags: ReadonlyMap<string, string>;
}

/** What the command line asks for. */
export type Flags =
  | { readonly wants: 'help' | 'version' }
  | (CommandLine & {
      readonly wants: CommandName;
      readonly values: GivenValues;
      /** Files of options that were named, by flag: ours by `config`, and those of other programs. */
      readonly files: ReadonlyMap<string, string>;
    });

function refuseUnknown(rawName: string, entry: CommandEntry, fileFlags: readonly string[]): never {
  const names = [
    ...optionNames.map(keyOf),
    ...fileFlags,
    'help',
    'version',
    ...entry.flags.map(({ name }) => name),
  ];
  const closest = findClosestName(rawName.replace(/^-+/, ''), names);
  const hint = closest === undefined ? 'callbox --help lists them all' : `did you mean --${closest}?`;
  throw new ConfigError(`unknown option ${rawName}; ${hint}`);
}

function refuseWord(word: string, isFirst: boolean): never {
  const closest = isFirst ? findClosestName(word, commandNames) : undefined;
  const hint = closest === undefined ? 'callbox --help says what there is' : `did you mean ${closest}?`;
  throw new ConfigError(`unknown argument "${word}"; ${hint}`);
}

function readTokens(args: readonly string[], entry: CommandEntry, fileFlags: readonly string[]) {
  const types = [
    ...optionNames.map(
      (name) =>
        [
          keyOf(name),
          { type: optionTable[name].isSwitch ? ('boolean' as const) : ('string' as const) },
        ] as const,
    ),
    ...fileFlags.map((name) => [name, { type: 'string' as const }] as const),
    ...entry.flags.map(
      ({ name, placeholder }) =>
        [name, { type: placeholder === undefined ? ('boolean' as const) : ('string' as const) }] as const,
    ),
  ];
  const { tokens } = parseArgs({
    args: [...args],
    // Our own words for what is wrong: parseArgs would throw its own.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(types),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  return tokens;
}

/**
 * Reads the command line: a command, which comes first or is `start`, and options in any order.
 *
 * @param fileFlags flags that name a file of options.
 */
export function readFlags(args: readonly string[], fileFlags: readonly string[]): Flags {
  const named = commandNames.find((name) => name === args[0]);
  const entry: CommandEntry = commandTable[named ?? 'start'];
  const values = new Map<OptionName, GivenValue>();
  const words: string[] = [];
  const flags = new Map<string, string>();
  const files = new Map<string, string>();
  for (const token of readTokens(args.slice(named === undefined ? 0 : 1), entry, fileFlags)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (!entry.takesWords) refuseWord(token.value, named === undefined && token.index === 0);
      words.push(token.value);
      continue;
    }
    const { name, rawName, value } = token;
    if (name === 'help' || name === 'version') return { wants: name };
    const option = findOptionByKey(name);
    const own = entry.flags.find((flag) => flag.name === name);
    if (option === undefined && own === undefined && !fileFlags.includes(name))
      refuseUnknown(rawName, entry, fileFlags);
    if (own !== undefined && own.placeholder === undefined) {
      if (value !== undefined) throw new ConfigError(`${rawName} takes no value`);
      flags.set(name, '');
      continue;
    }
    if (option !== undefined && optionTable[option].isSwitch) {
      values.set(option, { texts: [value ?? 'true'], place: rawName });
      continue;
    }
    if (value === undefined) throw new ConfigError(`${rawName} wants a value`);
    if (own !== undefined) {
      flags.set(name, value);
    } else if (option === undefined) {
      files.set(name, value);
    } else {
      const earlier = values.get(option)?.texts ?? [];
      values.set(option, { texts: [...earlier, value], place: rawName });
    }
  }
  return { wants: named ?? 'start', words, flags, values, files };
}
