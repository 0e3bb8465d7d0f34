import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';

export const locales = ['en', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

/** What each language calls itself. */
export const localeNames: Readonly<Record<Locale, string>> = { en: 'English', 'zh-CN': '中文' };

export function isLocale(input: unknown): input is Locale {
  return locales.some((locale) => locale === input);
}

/** The language to speak: the one chosen, else the first of the browser's that we know, else English. */
export function pickLocale(chosen: Locale | null, browserLanguages: readonly string[]): Locale {
  if (chosen !== null) return chosen;
  for (const language of browserLanguages) {
    const primary = language.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

/** English is in the first load; the other catalogues come when they are asked for. */
export async function loadCatalogue(locale: Locale): Promise<Catalogue> {
  switch (locale) {
    case 'en':
      return en;
    case 'zh-CN':
      return (await import('./zh-cn.ts')).zhCN;
  }
}
