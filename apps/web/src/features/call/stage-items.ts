import type { Person } from '../../session/people.ts';
import type { StageView } from '../../session/preferences.ts';

/** What has a place on the stage: a person, or the screen that a person shows. */
export interface StageItem {
  readonly key: string;
  readonly kind: 'person' | 'screen';
  readonly person: Person;
}

export interface StageItems {
  /** What is large. Empty: everyone is alike. */
  readonly spotlight: readonly StageItem[];
  readonly others: readonly StageItem[];
}

export const screenKey = (participantId: string) => `screen:${participantId}`;

export interface StageChoice {
  /** The others, in the order in which they stand. */
  readonly others: readonly Person[];
  readonly view: StageView;
  /** Key of what this person wants to be large. */
  readonly pinned: string | null;
  readonly speaker: string | null;
}

/** Decides what is large: what is pinned, else what is shown, else who speaks, where that is wanted. */
export function chooseStageItems({ others, view, pinned, speaker }: StageChoice): StageItems {
  const people = others.map((person): StageItem => ({ key: person.id, kind: 'person', person }));
  const screens = others
    .filter(({ screen }) => screen)
    .map((person): StageItem => ({ key: screenKey(person.id), kind: 'screen', person }));
  const all = [...screens, ...people];
  const large = new Set(chooseKeys());

  function chooseKeys(): readonly string[] {
    if (all.some(({ key }) => key === pinned)) return [pinned ?? ''];
    if (screens.length > 0) return screens.map(({ key }) => key);
    // With one other person there is nobody to be larger than.
    return view === 'speaker' && speaker !== null && others.length > 1 ? [speaker] : [];
  }

  return {
    spotlight: all.filter(({ key }) => large.has(key)),
    others: all.filter(({ key }) => !large.has(key)),
  };
}

/** Where there is room for one alone: what is large, and of several the one of who speaks; else who speaks. */
export function chooseShown({ spotlight, others }: StageItems, speaker: string | null): StageItem | null {
  const candidates = spotlight.length > 0 ? spotlight : others;
  return candidates.find(({ person }) => person.id === speaker) ?? candidates[0] ?? null;
}
