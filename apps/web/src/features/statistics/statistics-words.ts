import type { CatalogueOf } from '../../locales/catalogue.ts';
import { useChapter, type Chapter } from '../../locales/chapter.ts';
import type { Locale } from '../../locales/locale.ts';
import { statisticsEn } from './words/en.ts';

export type StatisticsCatalogue = CatalogueOf<typeof statisticsEn>;
export type StatisticsWords = Chapter<typeof statisticsEn>;

/** English comes with the panel; others come when they are asked for. */
export async function loadStatisticsCatalogue(locale: Locale): Promise<StatisticsCatalogue> {
  switch (locale) {
    case 'en':
      return statisticsEn;
    case 'zh-CN':
      return (await import('./words/zh-cn.ts')).statisticsZhCN;
  }
}

/** The words of the panel in the current language; null for the moment that they take to come. */
export function useStatisticsWords(): StatisticsWords | null {
  return useChapter(statisticsEn, loadStatisticsCatalogue);
}
