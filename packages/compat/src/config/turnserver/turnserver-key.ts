/**
 * What becomes of a key of `turnserver.conf`: `mapped` becomes options of ours, `always` asks for what is so in any case,
 * `ignored` has no counterpart and needs none, `refused` is not done for a reason and the server starts without it, `stops`
 * keeps the server from starting, for it would let in or relay more than the file allows.
 */
export type KeyFate = 'mapped' | 'always' | 'ignored' | 'refused' | 'stops';

export interface TurnserverKey {
  readonly fate: KeyFate;
  /** On or off by itself; other keys have a value. */
  readonly isSwitch: boolean;
  /** The options of ours that it becomes, by key. */
  readonly options: readonly string[];
  /** What a person should know of it: a clause without a full stop, after a colon. */
  readonly words: string;
  /** Values with which it asks for nothing but what is so in any case. */
  readonly harmless: readonly string[];
}

type Extra = Partial<Pick<TurnserverKey, 'options' | 'harmless'>>;

function key(fate: KeyFate, isSwitch: boolean, words: string, extra: Extra): TurnserverKey {
  return { fate, isSwitch, words, options: [], harmless: [], ...extra };
}

/** A key that is on or off. */
export function onOff(fate: KeyFate, words: string, extra: Extra = {}): TurnserverKey {
  return key(fate, true, words, extra);
}

/** A key with a value. */
export function valued(fate: KeyFate, words: string, extra: Extra = {}): TurnserverKey {
  return key(fate, false, words, extra);
}
