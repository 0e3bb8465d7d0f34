import { describe, expect, it } from 'vitest';
import { judgeDescription } from './negotiation.ts';

describe('judging a remote description', () => {
  it('applies an offer when none of ours is open, whoever is polite', () => {
    expect(judgeDescription('offer', 'stable', true)).toBe('apply');
    expect(judgeDescription('offer', 'stable', false)).toBe('apply');
  });

  it('lets the polite side yield when offers cross, and the impolite side stand', () => {
    expect(judgeDescription('offer', 'have-local-offer', true)).toBe('apply');
    expect(judgeDescription('offer', 'have-local-offer', false)).toBe('ignore');
  });

  it('applies an answer to an open offer and drops one to nothing', () => {
    expect(judgeDescription('answer', 'have-local-offer', false)).toBe('apply');
    expect(judgeDescription('answer', 'stable', true)).toBe('drop');
    expect(judgeDescription('answer', 'stable', false)).toBe('drop');
  });
});
