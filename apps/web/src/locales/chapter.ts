import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../session/session.ts';
import type { ArgumentsOf, CatalogueOf, PluralMessage } from './catalogue.ts';
import type { Locale } from './locale.ts';
import { createPhrases } from './translator.ts';

type Messages = Readonly<Record<string, string | PluralMessage>>;

/** Speaks the words of one part of the pages, which are loaded together with that part. */
export type Chapter<TSource> = <K extends keyof TSource & string>(
  key: K,
  ...values: ArgumentsOf<TSource, K>
) => string;

export function createChapter<TSource extends Messages>(
  locale: Locale,
  catalogue: CatalogueOf<TSource> & Messages,
): Chapter<TSource> {
  const phrase = createPhrases(locale, catalogue);
  return (key, ...values) => phrase(key, values[0] ?? {});
}

/**
 * The words of a chapter in the current language; null for the moment that another language than English takes to come.
 * `load` must stay the same function.
 */
export function useChapter<TSource extends Messages>(
  english: TSource & CatalogueOf<TSource>,
  load: (locale: Locale) => Promise<CatalogueOf<TSource> & Messages>,
): Chapter<TSource> | null {
  const { locale } = useWords();
  // In an object: a function alone would be taken for the way to make the next state.
  const [loaded, setLoaded] = useState<{ words: Chapter<TSource> } | null>(
    locale === 'en' ? { words: createChapter<TSource>(locale, english) } : null,
  );
  useEffect(() => {
    let wanted = true;
    async function follow(): Promise<void> {
      const words = createChapter<TSource>(locale, await load(locale));
      if (wanted) setLoaded({ words });
    }
    void follow();
    return () => {
      wanted = false;
    };
  }, [load, locale]);
  // While another language is on its way the page keeps speaking the last one.
  return loaded?.words ?? null;
}
