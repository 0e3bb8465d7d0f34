import { describe, expect, it } from 'vitest';
import { advanceSpeaking, createSpeaking, silent } from './speaking.ts';

describe('advanceSpeaking', () => {
  it('begins with the first loud moment', () => {
    expect(advanceSpeaking(silent, 0.6, 100).speaking).toBe(true);
    expect(advanceSpeaking(silent, 0.35, 100)).toBe(silent);
  });

  it('lasts through a pause between words and ends after it', () => {
    let state = advanceSpeaking(silent, 0.6, 0);
    for (const nowMs of [100, 300, 500]) {
      state = advanceSpeaking(state, 0, nowMs);
      expect(state.speaking).toBe(true);
    }
    expect(advanceSpeaking(state, 0, 600)).toEqual(silent);
  });

  it('is kept up by less than what began it, so that it does not flicker', () => {
    let state = advanceSpeaking(silent, 0.6, 0);
    for (let nowMs = 100; nowMs < 3_000; nowMs += 100) state = advanceSpeaking(state, 0.35, nowMs);
    expect(state.speaking).toBe(true);
  });
});

describe('createSpeaking', () => {
  it('tells of a change only when there is one', () => {
    const { ids, sample } = createSpeaking();
    sample(new Map([['a', 0.8]]), 0);
    const first = ids.value;
    expect([...first]).toEqual(['a']);
    sample(new Map([['a', 0.7]]), 100);
    expect(ids.value).toBe(first);
  });

  it('forgets who has gone', () => {
    const { ids, sample } = createSpeaking();
    sample(new Map([['a', 0.8]]), 0);
    sample(new Map(), 100);
    expect(ids.value.size).toBe(0);
  });
});
