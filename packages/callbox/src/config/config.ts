import type { Option } from './option.ts';
import type { OptionName, optionTable } from './option-table.ts';

type ValueOf<TOption> = TOption extends Option<infer TValue> ? TValue : never;

/** What the program was told, checked and complete. */
export type Config = { readonly [TName in OptionName]: ValueOf<(typeof optionTable)[TName]> };
