import { keyOf } from './option-names.ts';
import type { ForeignValues } from './read-foreign-files.ts';
import { optionTable } from './option-table.ts';

/** A value as YAML: plain where nothing in it could be taken for something else. */
function quote(text: string): string {
  return /^[A-Za-z0-9/](?:[\w./:%?=&,-]*[\w/])?$/.test(text) ? text : JSON.stringify(text);
}

/** Writes values as a configuration file of ours that means the same, with a comment for all that it does not hold. */
export function renderConfigFile({ values, notes }: ForeignValues): string {
  const options = [...values].map(([name, { texts, place }]) => {
    const { isRepeatable } = optionTable[name];
    const value = isRepeatable
      ? texts.map((text) => `\n  - ${quote(text)}`).join('')
      : ` ${quote(texts[0] ?? '')}`;
    return `# ${place}\n${keyOf(name)}:${value}\n`;
  });
  const comments = notes.map(({ text }) => `# ${text}\n`);
  return [
    '# A configuration of Callbox: callbox start --config FILE\n',
    ...options,
    ...(comments.length === 0 ? [] : [`# What the above does not hold:\n${comments.join('')}`]),
  ].join('\n');
}
