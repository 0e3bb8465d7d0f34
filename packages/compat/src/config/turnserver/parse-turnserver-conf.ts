/** One line of a `turnserver.conf` that says something. */
export interface Setting {
  /** Counted from 1. */
  readonly line: number;
  readonly key: string;
  /** Empty for a key alone. */
  readonly value: string;
}

/** Key, then `=` or blanks, then the rest of the line; quotes around the value are no part of it. */
const settingPattern = /^(?<key>[^\s=]+)(?:[\s=]+(?<value>.*))?$/u;

/** Reads the lines that are neither blank nor comments. Every text has a reading; what the keys mean is for others to say. */
export function parseTurnserverConf(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .entries()) {
    const { key, value = '' } = settingPattern.exec(raw.trim())?.groups ?? {};
    if (key === undefined || key.startsWith('#')) continue;
    settings.push({ line: index + 1, key, value: unquote(value) });
  }
  return settings;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1).replace(/"$/u, '');
}

/** A switch is on unless it is told to be off; undefined for a word that is neither. */
export function parseSwitch(value: string): boolean | undefined {
  if (value === '' || /^[yt1-9]|^on$/iu.test(value)) return true;
  return /^[0nf]|^off$/iu.test(value) ? false : undefined;
}
