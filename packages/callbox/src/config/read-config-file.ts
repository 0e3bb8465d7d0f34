import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigError } from './config-error.ts';
import { findClosestName } from './find-closest-name.ts';
import type { GivenValue, GivenValues } from './given-values.ts';
import { findOptionByKey, keyOf, optionNames } from './option-names.ts';
import type { OptionName } from './option-table.ts';

/**
 * The text of a file that was named.
 *
 * @throws ConfigError when it cannot be read.
 */
export function readConfigText(file: string, place: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError(`${place} ${file}: the file cannot be read (${code})`, { cause: error });
  }
}

function readTexts(value: unknown, place: string): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  throw new ConfigError(`${place}: a value or a list of values is wanted`);
}

/**
 * Reads a configuration file in YAML, of which JSON is a part. Keys are the names of the flags.
 *
 * @param place what told us of the file, for messages: `--config` or `CALLBOX_CONFIG`.
 */
export async function readConfigFile(file: string, place: string): Promise<GivenValues> {
  const text = readConfigText(file, place);
  const { parseDocument } = await import('yaml');
  // Failsafe: every scalar stays the text that was written. A secret of digits keeps its leading zeros.
  const document = parseDocument(text, { schema: 'failsafe' });
  const shortName = basename(file);
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new ConfigError(
      `${shortName}: ${problem.message.split('\n')[0]?.replace(/:$/, '') ?? problem.code}`,
    );
  }
  const content: unknown = document.toJS();
  if (content === null || content === '') return new Map();
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ConfigError(`${shortName}: lines such as "port: 8080" are wanted`);
  }
  const values = new Map<OptionName, GivenValue>();
  for (const [key, value] of Object.entries(content)) {
    const option = findOptionByKey(key);
    if (option === undefined) {
      const closest = findClosestName(key, optionNames.map(keyOf));
      const hint = closest === undefined ? 'callbox --help lists them all' : `did you mean ${closest}?`;
      throw new ConfigError(`${shortName}: unknown key "${key}"; ${hint}`);
    }
    const keyPlace = `${shortName}: ${key}`;
    values.set(option, { texts: readTexts(value, keyPlace), place: keyPlace });
  }
  return values;
}
