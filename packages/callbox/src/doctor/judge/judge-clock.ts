import { find } from '../diagnosis-table.ts';
import type { Judgement } from './judgement.ts';

/** More than any delay on the way; credentials and certificates bear less than a few minutes. */
const toleratedMs = 90_000;

/** Credentials and certificates hold from one time to another: whoever judges them must agree on it. */
export const judgeClock: Judgement = ({ name, web }, hasFound) => {
  const ahead = web?.clockAheadMs;
  if (name === undefined || ahead === undefined || Math.abs(ahead) <= toleratedMs) return [];
  if (hasFound('name-elsewhere', 'cdn-in-front')) return [];
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const evidence = `the clock under ${name.host} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the one here`;
  return [find('clock-wrong', evidence, { name: name.host })];
};
