import type { TranslatedOption, TranslationNote } from '../translation.ts';
import type { Setting } from './parse-turnserver-conf.ts';

/** The settings of a file, as the translators of the single matters want them. */
export interface Settings {
  /** All lines of a key that may be repeated. */
  readonly all: (key: string) => readonly Setting[];
  /** The last line counts. */
  readonly last: (key: string) => Setting | undefined;
  readonly isOn: (key: string) => boolean;
  readonly note: (setting: Setting, kind: TranslationNote['kind'], text: string) => void;
}

/** What a matter of the file becomes. */
export type Translate = (settings: Settings) => readonly TranslatedOption[];

/** How messages name a line. */
export function placeOf({ line, key }: Setting): string {
  return `line ${line}: ${key}`;
}

/** One option from one line. */
export function optionOf(setting: Setting, key: string, text = setting.value): TranslatedOption {
  return { key, texts: [text], place: placeOf(setting) };
}

/** One repeatable option from several lines; none from none. */
export function optionOfAll(
  settings: readonly Setting[],
  key: string,
  texts: readonly string[],
): readonly TranslatedOption[] {
  const [first] = settings;
  return first === undefined || texts.length === 0 ? [] : [{ key, texts, place: placeOf(first) }];
}
