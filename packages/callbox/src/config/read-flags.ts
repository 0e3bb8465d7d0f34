import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import { findClosestName } from './find-closest-name.ts';
import type { GivenValue, GivenValues } from './given-values.ts';
import { findOptionByKey, keyOf, optionNames } from './option-names.ts';
import type { OptionName } from './option-table.ts';

/** What the command line asks for. */
export type Flags =
  | { readonly wants: 'help' | 'version' }
  | { readonly wants: 'start'; readonly values: GivenValues; readonly configFile: string | undefined };

const flagNames = [...optionNames.map(keyOf), 'config', 'help', 'version'];

function refuseUnknown(rawName: string): never {
  const closest = findClosestName(rawName.replace(/^-+/, ''), flagNames);
  const hint = closest === undefined ? 'callbox --help lists them all' : `did you mean --${closest}?`;
  throw new ConfigError(`unknown option ${rawName}; ${hint}`);
}

/** Reads the command line. `start` is the only command, and may be left out. */
export function readFlags(args: readonly string[]): Flags {
  const { tokens } = parseArgs({
    args: [...args],
    // Our own words for what is wrong: parseArgs would throw its own.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        [...optionNames.map(keyOf), 'config'].map((name) => [name, { type: 'string' as const }]),
      ),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  const values = new Map<OptionName, GivenValue>();
  let configFile: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (token.value === 'start' && token.index === 0) continue;
      throw new ConfigError(`unknown argument "${token.value}"; callbox --help says what there is`);
    }
    if (token.name === 'help' || token.name === 'version') return { wants: token.name };
    const option = findOptionByKey(token.name);
    if (option === undefined && token.name !== 'config') refuseUnknown(token.rawName);
    if (token.value === undefined) throw new ConfigError(`${token.rawName} wants a value`);
    if (option === undefined) {
      configFile = token.value;
    } else {
      const earlier = values.get(option)?.texts ?? [];
      values.set(option, { texts: [...earlier, token.value], place: token.rawName });
    }
  }
  return { wants: 'start', values, configFile };
}
