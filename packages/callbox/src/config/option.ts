import type { Parsed } from '@callbox/contract';
import type { ValueType } from './value-type.ts';

/** One option of the program, from which its flag, environment variable, file key, help and documentation are made. */
export interface Option<T> {
  readonly placeholder: string;
  readonly help: string;
  /** What holds when it is not given, as a person would write it. */
  readonly defaultText: string | undefined;
  /** What holds instead where a certificate is asked for, so that the well-known ports are the program's own. */
  readonly defaultTextWithAcme: string | undefined;
  readonly isRepeatable: boolean;
  /** Said by its flag alone, without a value. */
  readonly isSwitch: boolean;
  /** Never repeated in a message. */
  readonly isSecret: boolean;
  /** `texts` are the values as written, in order; empty when it was given nowhere. */
  read(texts: readonly string[]): Parsed<T>;
}

interface OptionOf<T> {
  readonly value: ValueType<T>;
  readonly help: string;
  readonly isSecret?: boolean;
}

/** An option that always has a value. */
export function withDefault<T>(
  option: OptionOf<T> & { readonly defaultText: string; readonly defaultTextWithAcme?: string },
): Option<T> {
  return {
    placeholder: option.value.placeholder,
    help: option.help,
    defaultText: option.defaultText,
    defaultTextWithAcme: option.defaultTextWithAcme,
    isRepeatable: false,
    isSwitch: false,
    isSecret: option.isSecret ?? false,
    read: ([text]) => option.value.parse(text ?? option.defaultText),
  };
}

/** An option that may be absent. */
export function optional<T>(option: OptionOf<T>): Option<T | undefined> {
  return {
    placeholder: option.value.placeholder,
    help: option.help,
    defaultText: undefined,
    defaultTextWithAcme: undefined,
    isRepeatable: false,
    isSwitch: false,
    isSecret: option.isSecret ?? false,
    read: ([text]) => (text === undefined ? { ok: true, value: undefined } : option.value.parse(text)),
  };
}

/** An option that may be given many times. */
export function repeatable<T>(option: OptionOf<T>): Option<readonly T[]> {
  return {
    placeholder: option.value.placeholder,
    help: option.help,
    defaultText: undefined,
    defaultTextWithAcme: undefined,
    isRepeatable: true,
    isSwitch: false,
    isSecret: option.isSecret ?? false,
    read: (texts) => {
      const values: T[] = [];
      for (const text of texts) {
        const parsed = option.value.parse(text);
        if (!parsed.ok) return parsed;
        values.push(parsed.value);
      }
      return { ok: true, value: values };
    },
  };
}

/** An option that is on or off: on by its flag alone, off unless said. In the environment and the file: `true` or `false`. */
export function onOff(option: { readonly help: string }): Option<boolean> {
  return {
    placeholder: '',
    help: option.help,
    defaultText: undefined,
    defaultTextWithAcme: undefined,
    isRepeatable: false,
    isSwitch: true,
    isSecret: false,
    read: ([text]) => {
      if (text === undefined || text === 'false') return { ok: true, value: false };
      return text === 'true' ? { ok: true, value: true } : { ok: false, reason: 'true or false is wanted' };
    },
  };
}
