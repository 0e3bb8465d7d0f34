import type { Catalogue, MessageArguments, MessageKey, PluralMessage } from './catalogue.ts';
import type { Locale } from './locale.ts';

/** Speaks one language: sentences, lists, numbers. */
export interface Translator {
  readonly locale: Locale;
  readonly t: <K extends MessageKey>(key: K, ...values: MessageArguments<K>) => string;
  /** "Ana, Bo and Chen". */
  readonly list: (items: readonly string[]) => string;
  /** A span in words: seconds below a minute, then minutes, then hours and minutes. */
  readonly span: (durationMs: number) => string;
}

type Values = Readonly<Record<string, string | number>>;

/** Fills in the messages of a catalogue, whosever words they are. Numbers and plurals are the language's own. */
export function createPhrases(
  locale: Locale,
  catalogue: Readonly<Record<string, string | PluralMessage>>,
): (key: string, values: Values) => string {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  function fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  }

  return (key, values) => {
    const message = catalogue[key] ?? '';
    if (typeof message === 'string') return fill(message, values);
    const form = plurals.select(Number(values['count'])) === 'one' ? message.one : message.other;
    return fill(form ?? message.other, values);
  };
}

export function createTranslator(locale: Locale, catalogue: Catalogue): Translator {
  const phrase = createPhrases(locale, catalogue);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

  function t<K extends MessageKey>(key: K, ...values: MessageArguments<K>): string {
    return phrase(key, values[0] ?? {});
  }

  function span(durationMs: number): string {
    const seconds = Math.max(0, Math.round(durationMs / 1000));
    if (seconds < 60) return t('duration.seconds', { count: seconds });
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return t('duration.minutes', { count: minutes });
    const hours = t('duration.hours', { count: Math.floor(minutes / 60) });
    if (minutes % 60 === 0) return hours;
    return `${hours} ${t('duration.minutes', { count: minutes % 60 })}`;
  }

  return {
    locale,
    t,
    list: (items) => lists.format(items),
    span,
  };
}
