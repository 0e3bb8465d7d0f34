import type { CatalogueOf } from '../../locales/catalogue.ts';
import { createChapter, useChapter, type Chapter } from '../../locales/chapter.ts';
import type { Locale } from '../../locales/locale.ts';
import { checkEn } from './words/en.ts';

export type CheckKey = keyof typeof checkEn;
export type CheckCatalogue = CatalogueOf<typeof checkEn>;
export type CheckWords = Chapter<typeof checkEn>;

export function createCheckWords(locale: Locale, catalogue: CheckCatalogue): CheckWords {
  return createChapter<typeof checkEn>(locale, catalogue);
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
  return useChapter(checkEn, loadCheckCatalogue);
}
