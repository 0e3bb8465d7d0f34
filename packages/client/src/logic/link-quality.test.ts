import { describe, expect, it } from 'vitest';
import { linkStatistics, stream } from '../testing/link-statistics.ts';
import type { LinkStatistics } from '../statistics-types.ts';
import { judgeQuality, newScore, scoreLink, steadyScore, type LinkScore } from './link-quality.ts';

const score = (received: number, sent = received) => ({ received, sent }) as LinkScore;

describe('one look at a connection', () => {
  it.each<[string, LinkStatistics, LinkScore]>([
    ['all well', linkStatistics({ audio: stream(), camera: stream() }, { audio: stream() }), score(4)],
    ['nothing known', linkStatistics({}, {}, { roundTripMs: null }), score(4)],
    ['1.5 % lost on the way here', linkStatistics({ camera: stream({ lossShare: 0.015 }) }, {}), score(3, 4)],
    [
      '5 % lost of the voice',
      linkStatistics({ audio: stream({ lossShare: 0.05 }), camera: stream() }, {}),
      score(2, 4),
    ],
    ['10 % lost on the way there', linkStatistics({}, { camera: stream({ lossShare: 0.1 }) }), score(4, 1)],
    ['half of it lost', linkStatistics({ camera: stream({ lossShare: 0.5 }) }, {}), score(0, 4)],
    ['a long way', linkStatistics({}, {}, { roundTripMs: 400 }), score(2)],
    [
      'a picture that stands for a tenth of the time',
      linkStatistics({ camera: stream({ freezeShare: 0.1 }) }, {}),
      score(2, 4),
    ],
  ])('%s', (_, statistics, expected) => {
    expect(scoreLink(statistics)).toEqual(expected);
  });
});

describe('the score of a connection', () => {
  const after = (...looks: LinkScore[]) => {
    const { received, sent } = looks.reduce(steadyScore, newScore);
    return [received, sent];
  };

  it('changes when three looks in a row agree', () => {
    expect(after(score(1), score(1))).toEqual([4, 4]);
    expect(after(score(1), score(1), score(1))).toEqual([1, 1]);
    expect(after(score(1), score(4), score(1), score(1))).toEqual([4, 4]);
  });

  it('moves only as far as all three agree', () => {
    expect(after(score(0), score(2), score(1))).toEqual([2, 2]);
    expect(after(score(0), score(0), score(0), score(2), score(3), score(4))).toEqual([2, 2]);
  });

  it('moves each way by itself', () => {
    expect(after(score(1, 4), score(1, 4), score(1, 3))).toEqual([1, 4]);
  });
});

describe('whose network it is', () => {
  const blames = (...scores: LinkScore[]) =>
    [...judgeQuality(new Map(scores.map((each, index) => [index, each]))).values()].map(({ bars, blame }) => [
      bars,
      blame,
    ]);

  it.each([
    [
      'nobody’s while all is well',
      [score(4), score(3)],
      [
        [4, null],
        [3, null],
      ],
    ],
    ['not to be told between two people', [score(1)], [[1, null]]],
    [
      'theirs, when theirs alone is bad',
      [score(4), score(1), score(4)],
      [
        [4, null],
        [1, 'there'],
        [4, null],
      ],
    ],
    [
      'this person’s, when most are bad',
      [score(2, 4), score(4, 1), score(4)],
      [
        [2, 'here'],
        [1, 'here'],
        [4, null],
      ],
    ],
    [
      'theirs, when it is one of two',
      [score(4), score(0)],
      [
        [4, null],
        [0, 'there'],
      ],
    ],
  ])('is %s', (_, scores, expected) => {
    expect(blames(...scores)).toEqual(expected);
  });
});
