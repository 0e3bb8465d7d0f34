import type { RemoteParticipantSnapshot } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { fakeId } from '../testing/fake-room.ts';
import { isSettlingIn } from './settle-in.ts';

const track = {} as MediaStreamTrack;
const noTracks = { audio: null, camera: null, screen: null, screenAudio: null };
const ben: RemoteParticipantSnapshot = {
  id: fakeId('ben'),
  displayName: 'Ben',
  media: { audio: true, video: true, screen: false },
  joinedAtMs: 0,
  link: { kind: 'connecting' },
  tracks: noTracks,
  quality: null,
};
const agreed = { ...noTracks, audio: track, camera: track };
const connected = { kind: 'connected', path: null } as const;

describe('isSettlingIn', () => {
  it.each<[string, Partial<RemoteParticipantSnapshot>, boolean]>([
    ['while the connection is agreed on', {}, true],
    ['until the picture is there', { tracks: agreed }, true],
    ['also once it is connected', { tracks: agreed, link: connected }, true],
    [
      'but not for one who sends no picture',
      { tracks: agreed, media: { ...ben.media, video: false } },
      false,
    ],
    ['but not for one with whom it takes longer', { link: { kind: 'reconnecting' } }, false],
    ['but not for one who cannot be reached', { tracks: agreed, link: { kind: 'failed' } }, false],
    ['but not for one who is away', { away: true }, false],
    ['but not for one of the plain dialect', { dialect: 'plain' }, false],
  ])('waits %s', (_, change, expected) => {
    const room = { state: { kind: 'joined' }, participants: [{ ...ben, ...change }] } as const;
    expect(isSettlingIn(room, () => false)).toBe(expected);
  });

  it('is over with the first picture', () => {
    const room = { state: { kind: 'joined' }, participants: [{ ...ben, tracks: agreed }] } as const;
    expect(isSettlingIn(room, (id) => id === 'ben')).toBe(false);
  });

  it('is for those who are inside', () => {
    const room = { state: { kind: 'left', reason: 'left' }, participants: [ben] } as const;
    expect(isSettlingIn(room, () => false)).toBe(false);
  });
});
