import { describe, expect, it } from 'vitest';
import { listWants, type Views } from './list-wants.ts';

const views: Views = {
  isSeen: true,
  places: new Map([
    ['a', { width: 640, height: 360 }],
    ['screen:a', { width: 960, height: 540 }],
    ['b', { width: 160, height: 90 }],
  ]),
  large: new Set(['screen:a']),
  density: 1,
  small: null,
};
const small = (key: string) => ({ key, box: { width: 320, height: 180 }, density: 2 });

describe('how large pictures are wanted', () => {
  it.each<[string, string, Partial<Views>, number, number]>([
    ['as on the page', 'a', {}, 360, 1_440],
    ['not at all by who has no place', 'c', {}, 0, 0],
    ['not at all on a page that is not seen', 'a', { isSeen: false }, 0, 0],
    ['as in the small window, where that is larger', 'b', { small: small('b') }, 360, 0],
    ['as on the page, where that is larger', 'a', { small: small('a'), density: 2 }, 720, 1_440],
    ['as in the small window alone', 'a', { isSeen: false, small: small('a') }, 360, 0],
    ['by nobody else then', 'b', { isSeen: false, small: small('a') }, 0, 0],
    ['the screen alone', 'a', { isSeen: false, small: small('screen:a') }, 0, 360],
  ])('%s', (_, id, change, camera, screen) => {
    expect(listWants(id, { ...views, ...change })).toEqual({ camera, screen });
  });
});
