import { expect, test } from 'vitest';
import { CrewDemand, type ProcessLoad } from './crew-demand.ts';
import { DEFAULT_CREW_RULE } from './crew-rule.ts';

const { looksToStart, looksToEnd } = DEFAULT_CREW_RULE;
const busy = (cores: number): ProcessLoad => ({ cores, movableCores: cores / 2 });

function looks(demand: CrewDemand, times: number, ...loads: readonly ProcessLoad[]): readonly string[] {
  const [main = busy(0), ...workers] = loads;
  return Array.from({ length: times }, () => demand.look(main, workers, false));
}

test('a worker is started when the server has been busy with calls for a while, and another when that is not enough', () => {
  const demand = new CrewDemand(2, DEFAULT_CREW_RULE);
  expect(looks(demand, looksToStart, busy(0.7))).toEqual(['keep', 'keep', 'start']);
  expect(looks(demand, looksToStart, busy(0.4), busy(0.7)).at(-1)).toBe('start');
  // As many as there may be.
  expect(new Set(looks(demand, 20, busy(0.9), busy(0.9), busy(0.9)))).toEqual(new Set(['keep']));
});

test('a moment of work, other work than calls, and work that only lies unevenly start nobody', () => {
  const demand = new CrewDemand(2, DEFAULT_CREW_RULE);
  looks(demand, looksToStart - 1, busy(1));
  looks(demand, 1, busy(0.1));
  expect(looks(demand, looksToStart - 1, busy(1))).not.toContain('start');
  looks(demand, 1, busy(0.1));
  expect(looks(demand, 20, { cores: 1, movableCores: 0.1 })).not.toContain('start');
  expect(looks(demand, 20, busy(0.8), busy(0))).not.toContain('start');
});

test('nobody else is started while one is coming', () => {
  const demand = new CrewDemand(2, DEFAULT_CREW_RULE);
  const answers = Array.from({ length: 20 }, () => demand.look(busy(1), [], true));
  expect(answers).not.toContain('start');
  expect(demand.look(busy(1), [], false)).toBe('start');
});

test('a worker is ended when the others have had room for all of it for long, and not before', () => {
  const demand = new CrewDemand(2, DEFAULT_CREW_RULE);
  looks(demand, looksToEnd - 1, busy(0.1), busy(0.1));
  looks(demand, 1, busy(0.1), busy(0.3));
  const answers = looks(demand, looksToEnd, busy(0.1), busy(0.1));
  expect(answers.indexOf('end')).toBe(looksToEnd - 1);
  // There is nobody to end.
  expect(looks(new CrewDemand(2, DEFAULT_CREW_RULE), 2 * looksToEnd, busy(0))).not.toContain('end');
});
