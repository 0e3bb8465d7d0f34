import type { en } from './en.ts';

export type MessageKey = keyof typeof en;

/** Chosen by `count` with the language's own plural rules; `other` is the form every language has. */
export interface PluralMessage {
  readonly one?: string;
  readonly other: string;
}

/** What another language has to say: a sentence for each English sentence, plural forms where English has them. */
export type Catalogue = {
  readonly [K in MessageKey]: (typeof en)[K] extends string ? string : PluralMessage;
};

type PlaceholdersIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;

type ParameterOf<M> = M extends string
  ? PlaceholdersIn<M>
  : M extends { readonly other: infer Other extends string }
    ? PlaceholdersIn<Other> | 'count'
    : never;

/** The values a message needs, as the last argument of `t`; nothing for a message without any. */
export type MessageArguments<K extends MessageKey> = [ParameterOf<(typeof en)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<ParameterOf<(typeof en)[K]>, string | number>>];
