import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { CatalogueOf } from '../../locales/catalogue.ts';
import { useChapter, type Chapter } from '../../locales/chapter.ts';
import type { Locale } from '../../locales/locale.ts';
import { callEn } from './words/en.ts';

export type CallCatalogue = CatalogueOf<typeof callEn>;
export type CallWords = Chapter<typeof callEn>;

export async function loadCallCatalogue(locale: Locale): Promise<CallCatalogue> {
  switch (locale) {
    case 'en':
      return callEn;
    case 'zh-CN':
      return (await import('./words/zh-cn.ts')).callZhCN;
  }
}

const CallWordsContext = createContext<CallWords | null>(null);

/** Draws what is in it once the words are there: at once in English, in other languages a moment later. */
export function CallWordsProvider({ children }: { readonly children: ComponentChildren }) {
  const words = useChapter(callEn, loadCallCatalogue);
  if (words === null) return null;
  return <CallWordsContext.Provider value={words}>{children}</CallWordsContext.Provider>;
}

/** The words of the call that are loaded with it; those that other screens need too are in `useWords`. */
export function useCallWords(): CallWords {
  const words = useContext(CallWordsContext);
  if (words === null) throw new Error('a part of the call is drawn outside of it');
  return words;
}
