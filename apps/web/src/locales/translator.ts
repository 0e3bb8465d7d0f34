import type { Catalogue, MessageArguments, MessageKey } from './catalogue.ts';
import type { Locale } from './locale.ts';

/** Speaks one language: sentences, lists, numbers, times. */
export interface Translator {
  readonly locale: Locale;
  readonly t: <K extends MessageKey>(key: K, ...values: MessageArguments<K>) => string;
  /** "Ana, Bo and Chen". */
  readonly list: (items: readonly string[]) => string;
  /** The time of day, such as "14:05". */
  readonly timeOfDay: (atMs: number) => string;
  /** A span in words: seconds below a minute, then minutes, then hours and minutes. */
  readonly span: (durationMs: number) => string;
}

type Values = Readonly<Record<string, string | number>>;

export function createTranslator(locale: Locale, catalogue: Catalogue): Translator {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const times = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });

  function fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  }

  function t<K extends MessageKey>(key: K, ...values: MessageArguments<K>): string {
    const message = catalogue[key];
    const given: Values = values[0] ?? {};
    if (typeof message === 'string') return fill(message, given);
    const form = plurals.select(Number(given['count'])) === 'one' ? message.one : message.other;
    return fill(form ?? message.other, given);
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
    timeOfDay: (atMs) => times.format(atMs),
    span,
  };
}
