import { describe, expect, it } from 'vitest';
import type { Person } from '../../session/people.ts';
import { chooseShown, chooseStageItems, type StageChoice } from './stage-items.ts';

const person = (id: string, screen = false): Person => ({
  id,
  isSelf: false,
  displayName: id,
  audio: true,
  video: true,
  screen,
  quality: null,
  link: null,
  away: false,
  plain: false,
});

function keysOf(choice: Partial<StageChoice>) {
  const { spotlight, others } = chooseStageItems({
    others: [],
    view: 'grid',
    pinned: null,
    speaker: null,
    ...choice,
  });
  return [spotlight.map(({ key }) => key), others.map(({ key }) => key)];
}

describe('what is large', () => {
  const three = [person('a'), person('b'), person('c')];
  const showing = [person('a'), person('b', true), person('c', true)];

  it.each<[string, Partial<StageChoice>, string[], string[]]>([
    ['nobody, where everyone is alike', { others: three, speaker: 'b' }, [], ['a', 'b', 'c']],
    ['who speaks, where that is wanted', { others: three, view: 'speaker', speaker: 'b' }, ['b'], ['a', 'c']],
    [
      'nobody when there is one other person',
      { others: [person('a')], view: 'speaker', speaker: 'a' },
      [],
      ['a'],
    ],
    ['every screen that is shown', { others: showing }, ['screen:b', 'screen:c'], ['a', 'b', 'c']],
    [
      'a screen before who speaks',
      { others: [person('a'), person('b', true)], view: 'speaker', speaker: 'a' },
      ['screen:b'],
      ['a', 'b'],
    ],
    [
      'who is pinned, before all',
      { others: showing, pinned: 'a' },
      ['a'],
      ['screen:b', 'screen:c', 'b', 'c'],
    ],
    [
      'the one screen that is pinned',
      { others: showing, pinned: 'screen:c' },
      ['screen:c'],
      ['screen:b', 'a', 'b', 'c'],
    ],
    ['nobody in the place of who has gone', { others: three, pinned: 'screen:b' }, [], ['a', 'b', 'c']],
  ])('is %s', (_, choice, spotlight, others) => {
    expect(keysOf(choice)).toEqual([spotlight, others]);
  });
});

describe('where there is room for one alone, it', () => {
  const three = [person('a'), person('b'), person('c')];
  const showing = [person('a'), person('b', true), person('c', true)];

  it.each<[string, Partial<StageChoice>, string | null]>([
    ['is who speaks', { others: three, speaker: 'b' }, 'b'],
    ['is who speaks, where they are large already', { others: three, view: 'speaker', speaker: 'c' }, 'c'],
    ['is the first before anybody has spoken', { others: three }, 'a'],
    ['is the one other person', { others: [person('a')] }, 'a'],
    ['is who is pinned, whoever speaks', { others: three, pinned: 'c', speaker: 'b' }, 'c'],
    ['is the screen that is shown', { others: [person('a'), person('b', true)], speaker: 'a' }, 'screen:b'],
    ['is the screen of who speaks', { others: showing, speaker: 'c' }, 'screen:c'],
    ['is the first screen while who speaks shows none', { others: showing, speaker: 'a' }, 'screen:b'],
    ['is nobody where nobody is', {}, null],
  ])('%s', (_, choice, key) => {
    const whole = { others: [], view: 'grid', pinned: null, speaker: null, ...choice } as const;
    expect(chooseShown(chooseStageItems(whole), whole.speaker)?.key ?? null).toBe(key);
  });
});
