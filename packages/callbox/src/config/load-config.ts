import { asksForCertificate } from './asks-for-certificate.ts';
import { checkConfig } from './check-config.ts';
import type { CommandName } from './command-table.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { GivenValue } from './given-values.ts';
import { optionNames } from './option-names.ts';
import { optionTable, type OptionName } from './option-table.ts';
import { readConfigFile } from './read-config-file.ts';
import { readEnvironment } from './read-environment.ts';
import { readFlags, type CommandLine } from './read-flags.ts';

/** What the person who started the program wants of it. */
export type Command =
  | { readonly wants: 'help' | 'version' }
  | { readonly wants: CommandName; readonly config: Config; readonly line: CommandLine };

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

/**
 * Puts the configuration together: flags before environment before file before default.
 *
 * @throws ConfigError with one line that says what is wrong and where.
 */
export async function loadConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Command> {
  const flags = readFlags(args);
  if (!('values' in flags)) return { wants: flags.wants };

  const configFile = flags.configFile ?? environment['CALLBOX_CONFIG'];
  const place = flags.configFile === undefined ? 'CALLBOX_CONFIG' : '--config';
  const fromFile =
    configFile === undefined || configFile === '' ? undefined : await readConfigFile(configFile, place);
  const fromEnvironment = readEnvironment(environment);

  const given = (name: OptionName): GivenValue | undefined =>
    flags.values.get(name) ?? fromEnvironment.get(name) ?? fromFile?.get(name);

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
  return { wants: flags.wants, config, line: { words: flags.words, flags: flags.flags } };
}
