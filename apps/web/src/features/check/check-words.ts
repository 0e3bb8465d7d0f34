import { useEffect, useState } from 'preact/hooks';
import type { ArgumentsOf, CatalogueOf } from '../../locales/catalogue.ts';
import type { Locale } from '../../locales/locale.ts';
import { createPhrases } from '../../locales/translator.ts';
import { useWords } from '../../session/session.ts';
import { checkEn } from './words/en.ts';

export type CheckKey = keyof typeof checkEn;
export type CheckCatalogue = CatalogueOf<typeof checkEn>;

export type CheckWords = <K extends CheckKey>(key: K, ...values: ArgumentsOf<typeof checkEn, K>) => string;

export function createCheckWords(locale: Locale, catalogue: CheckCatalogue): CheckWords {
  const phrase = createPhrases(locale, catalogue);
  return (key, ...values) => phrase(key, values[0] ?? {});
}

/** English came with the page; others come when they are asked for. */
export async function loadCheckCatalogue(locale: Locale): Promise<CheckCatalogue> {
  switch (locale) {
    case 'en':
      return checkEn;
    case 'zh-CN':
      return (await import('./words/zh-cn.ts')).checkZhCN;
  }
}

/** The words of this page in the current language; null for the moment that they take to come. */
export function useCheckWords(): CheckWords | null {
  const { locale } = useWords();
  const [loaded, setLoaded] = useState<{ locale: Locale; words: CheckWords } | null>(
    locale === 'en' ? { locale, words: createCheckWords(locale, checkEn) } : null,
  );
  useEffect(() => {
    let wanted = true;
    async function load(): Promise<void> {
      const words = createCheckWords(locale, await loadCheckCatalogue(locale));
      if (wanted) setLoaded({ locale, words });
    }
    void load();
    return () => {
      wanted = false;
    };
  }, [locale]);
  // While another language is on its way the page keeps speaking the last one.
  return loaded?.words ?? null;
}
