import { describe, expect, it } from 'vitest';
import { judgeGeneration, type LinkMessage } from './generation.ts';

const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
const offer = (generation: number): LinkMessage => ({
  kind: 'description',
  type: 'offer',
  sdp: '',
  mids,
  generation,
});
const answer = (generation: number): LinkMessage => ({
  kind: 'description',
  type: 'answer',
  sdp: '',
  mids,
  generation,
});
const candidate = (generation: number): LinkMessage => ({
  kind: 'candidate',
  candidate: 'candidate:1',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
  generation,
});
const rebuild = (generation: number): LinkMessage => ({ kind: 'rebuild', generation });

describe('judging the generation of a message', () => {
  it.each([offer(3), answer(3), candidate(3)])('handles what belongs to the present one', (message) => {
    expect(judgeGeneration(message, 3, true)).toBe('handle');
    expect(judgeGeneration(message, 3, false)).toBe('handle');
  });

  it.each([offer(2), answer(2), candidate(2), rebuild(2), rebuild(3)])(
    'drops what is of an older one',
    (message) => {
      expect(judgeGeneration(message, 3, true)).toBe('drop');
      expect(judgeGeneration(message, 3, false)).toBe('drop');
    },
  );

  it('lets the impolite side begin a generation by an offer', () => {
    expect(judgeGeneration(offer(4), 3, true)).toBe('rebuild');
    expect(judgeGeneration(offer(4), 3, false)).toBe('drop');
  });

  it('lets the polite side ask for one', () => {
    expect(judgeGeneration(rebuild(4), 3, false)).toBe('rebuild');
    expect(judgeGeneration(rebuild(4), 3, true)).toBe('drop');
  });

  it('drops answers and candidates of a generation that no offer has begun', () => {
    expect(judgeGeneration(answer(4), 3, true)).toBe('drop');
    expect(judgeGeneration(candidate(4), 3, true)).toBe('drop');
  });
});
