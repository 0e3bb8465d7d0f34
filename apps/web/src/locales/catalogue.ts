import type { en } from './en.ts';

export type MessageKey = keyof typeof en;

/** Chosen by `count` with the language's own plural rules; `other` is the form every language has. */
export interface PluralMessage {
  readonly one?: string;
  readonly other: string;
}

/** What another language has to say: a sentence for each of the source's, plural forms where the source has them. */
export type CatalogueOf<Source> = {
  readonly [K in keyof Source]: Source[K] extends string ? string : PluralMessage;
};

/** The interface's own words, in another language than English. */
export type Catalogue = CatalogueOf<typeof en>;

type PlaceholdersIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;

type ParameterOf<M> = M extends string
  ? PlaceholdersIn<M>
  : M extends { readonly other: infer Other extends string }
    ? PlaceholdersIn<Other> | 'count'
    : never;

/** The values a message of a source needs, as the last argument; nothing for a message without any. */
export type ArgumentsOf<Source, K extends keyof Source> = [ParameterOf<Source[K]>] extends [never]
  ? []
  : [values: Readonly<Record<ParameterOf<Source[K]>, string | number>>];

export type MessageArguments<K extends MessageKey> = ArgumentsOf<typeof en, K>;
