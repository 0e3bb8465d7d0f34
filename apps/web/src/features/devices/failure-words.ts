import type { CatalogueOf } from '../../locales/catalogue.ts';
import { useChapter, type Chapter } from '../../locales/chapter.ts';
import type { Locale } from '../../locales/locale.ts';
import { failureEn } from './words/en.ts';

export type FailureCatalogue = CatalogueOf<typeof failureEn>;
export type FailureWords = Chapter<typeof failureEn>;

export async function loadFailureCatalogue(locale: Locale): Promise<FailureCatalogue> {
  switch (locale) {
    case 'en':
      return failureEn;
    case 'zh-CN':
      return (await import('./words/zh-cn.ts')).failureZhCN;
  }
}

/** The words for devices that do not work; null for the moment that they take to come. */
export function useFailureWords(): FailureWords | null {
  return useChapter(failureEn, loadFailureCatalogue);
}
