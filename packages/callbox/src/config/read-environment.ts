import type { GivenValue, GivenValues } from './given-values.ts';
import { environmentNameOf, optionNames } from './option-names.ts';
import { optionTable, type OptionName } from './option-table.ts';

/** Reads `CALLBOX_*`. Values of a repeatable option are separated by commas; an empty variable counts as absent. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): GivenValues {
  const values = new Map<OptionName, GivenValue>();
  for (const name of optionNames) {
    const place = environmentNameOf(name);
    const text = environment[place];
    if (text === undefined || text === '') continue;
    const texts = optionTable[name].isRepeatable ? text.split(',').map((part) => part.trim()) : [text];
    values.set(name, { texts, place });
  }
  return values;
}
