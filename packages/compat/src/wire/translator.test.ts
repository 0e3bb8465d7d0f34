import type { ParticipantId, PeerMessage } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import { createTranslator } from './translator.ts';

const [olaf, nea, eve] = ['olaf', 'nea', 'eve'] as ParticipantId[] as [
  ParticipantId,
  ParticipantId,
  ParticipantId,
];
const offer = { kind: 'description', generation: 0, type: 'offer', sdp: 's' } as const;

describe('translating for an old page', () => {
  it('makes nothing of what is not as old pages say it', () => {
    const translator = createTranslator(olaf);
    translator.toOurs(nea, { to: nea, sid: '1', type: 'offer', payload: { sdp: 's' } });
    for (const message of [
      { type: 5 },
      {},
      { type: '' },
      { type: 'x'.repeat(65) },
      { type: 'offer', sid: '1' },
      { type: 'offer', sid: '1', payload: 's' },
      { type: 'offer', sid: '1', payload: { sdp: 5 } },
      { type: 'offer', sid: '1', payload: { sdp: 's'.repeat(128_001) } },
      { type: 'answer', sid: 'unknown', payload: { sdp: 's' } },
      { type: 'candidate', sid: '1', payload: { candidate: 'candidate:1' } },
      { type: 'candidate', sid: '1', payload: { candidate: { candidate: null } } },
      { type: 'candidate', sid: 'unknown', payload: { candidate: { candidate: 'candidate:1' } } },
    ]) {
      expect(
        translator.toOurs(nea, { to: nea, ...message }),
        JSON.stringify(message).slice(0, 80),
      ).toBeNull();
    }
  });

  it('passes on what has a type of the page’s own, with its payload or without', () => {
    const translator = createTranslator(olaf);
    expect(translator.toOurs(nea, { to: nea, type: 'wave' })).toEqual({ kind: 'app', type: 'wave' });
    expect(translator.toOurs(nea, { to: nea, type: 'wave', payload: null })).toEqual({
      kind: 'app',
      type: 'wave',
      payload: null,
    });
  });

  it('tells a page nothing of screens that are between others', () => {
    const translator = createTranslator(olaf);
    const candidate = { sdpMid: null, sdpMLineIndex: null, usernameFragment: null, candidate: 'candidate:1' };
    const messages: PeerMessage[] = [
      { ...offer, screenOf: eve },
      { kind: 'candidate', generation: 0, ...candidate, screenOf: eve },
    ];
    for (const message of messages) expect(translator.toOld(nea, message, '')).toEqual([]);
  });

  it('tells a page nothing that belongs to no connection it knows', () => {
    const translator = createTranslator(olaf);
    expect(translator.toOld(nea, { ...offer, type: 'answer' }, '')).toEqual([]);
    expect(translator.toOld(nea, { kind: 'rebuild', generation: 1 }, '')).toEqual([]);
    expect(translator.toOld(nea, offer, '')).toHaveLength(1);
    translator.forget(nea);
    expect(translator.toOld(nea, { ...offer, type: 'answer' }, '')).toEqual([]);
  });

  it('leaves out a name that nobody has given', () => {
    const [event] = createTranslator(olaf).toOld(nea, offer, '');
    expect(event?.body['payload']).toEqual({ type: 'offer', sdp: 's' });
  });
});
