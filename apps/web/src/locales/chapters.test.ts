import { describe, expect, it } from 'vitest';
import { loadCallCatalogue } from '../features/call/call-words.tsx';
import { callEn } from '../features/call/words/en.ts';
import { loadCheckCatalogue } from '../features/check/check-words.ts';
import { checkEn } from '../features/check/words/en.ts';
import { loadFailureCatalogue } from '../features/devices/failure-words.ts';
import { failureEn } from '../features/devices/words/en.ts';
import { loadStatisticsCatalogue } from '../features/statistics/statistics-words.ts';
import { statisticsEn } from '../features/statistics/words/en.ts';
import { createChapter } from './chapter.ts';
import { locales, type Locale } from './locale.ts';

type Messages = Readonly<Record<string, string | { readonly one?: string; readonly other: string }>>;

const formsOf = (message: Messages[string] | undefined): readonly string[] =>
  message === undefined ? [] : typeof message === 'string' ? [message] : Object.values(message);
const placeholdersIn = (message: Messages[string] | undefined) =>
  [
    ...new Set(
      formsOf(message)
        .join(' ')
        .match(/\{\w+\}/g) ?? [],
    ),
  ].sort();

const chapters: readonly [string, Messages, (locale: Locale) => Promise<Messages>][] = [
  ['the call', callEn, loadCallCatalogue],
  ['the check', checkEn, loadCheckCatalogue],
  ['devices that do not work', failureEn, loadFailureCatalogue],
  ['the statistics', statisticsEn, loadStatisticsCatalogue],
];

describe.each(chapters)('the words of %s', (_, english, load) => {
  it.each(locales)('are those of English in %s too, with the same values to fill in', async (locale) => {
    const catalogue = await load(locale);
    expect(Object.keys(catalogue)).toEqual(Object.keys(english));
    for (const [key, message] of Object.entries(english)) {
      expect(formsOf(catalogue[key]).filter((form) => form === '')).toEqual([]);
      expect([key, placeholdersIn(catalogue[key])]).toEqual([key, placeholdersIn(message)]);
    }
  });
});

describe('a chapter', () => {
  it('speaks its own words, with numbers as the language writes them', () => {
    const words = createChapter<typeof callEn>('en', callEn);
    expect(words('screen.percent', { count: 1_200 })).toBe('1,200 %');
    expect(words('pages.at', { page: 2, pages: 3 })).toBe('2 of 3');
  });
});
