import type { LinkState, RemoteParticipantSnapshot } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../testing/fake-client.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { fakeId } from '../testing/fake-room.ts';
import { countLinks, hueOf, initialOf, listPeople } from './people.ts';

const remote = (id: string, link: LinkState): RemoteParticipantSnapshot => ({
  id: fakeId(id),
  displayName: id,
  media: { audio: true, video: true, screen: false },
  joinedAtMs: 0,
  link,
  tracks: { audio: null, camera: null, screen: null, screenAudio: null },
  quality: null,
});

const path = (relayed: boolean): LinkState => ({ kind: 'connected', path: { relayed, protocol: 'udp' } });

describe('listPeople', () => {
  const room = {
    ...emptySnapshot({ room: 'standup', displayName: 'Ana' }),
    participants: [remote('bo', path(false)), remote('chen', { kind: 'connecting' })],
  };

  it('puts this person first and keeps the others in their order', () => {
    const people = listPeople(room, createFakeLocalMedia().snapshot);
    expect(people.map(({ displayName, isSelf }) => [displayName, isSelf])).toEqual([
      ['Ana', true],
      ['bo', false],
      ['chen', false],
    ]);
  });

  it('says of this person what their devices say, and not what the server was last told', async () => {
    const media = createFakeLocalMedia();
    expect(listPeople(room, media.snapshot)[0]).toMatchObject({ audio: false, video: false });
    await media.turnOn('microphone');
    expect(listPeople(room, media.snapshot)[0]).toMatchObject({ audio: true });
    media.turnOff('microphone');
    expect(listPeople(room, media.snapshot)[0]).toMatchObject({ audio: false });
  });

  it('says who is on an older page', () => {
    const older = { ...room, participants: [{ ...remote('bo', path(false)), dialect: 'plain' as const }] };
    expect(listPeople(older, createFakeLocalMedia().snapshot).map(({ plain }) => plain)).toEqual([
      false,
      true,
    ]);
    expect(listPeople(room, createFakeLocalMedia().snapshot)[1]).toMatchObject({ plain: false });
  });

  it('shows no picture before its track has come', () => {
    expect(listPeople(room, createFakeLocalMedia().snapshot)[1]).toMatchObject({ audio: true, video: false });
  });
});

describe('countLinks', () => {
  it('counts direct, relayed and what is not there yet', () => {
    const participants = [
      remote('a', path(false)),
      remote('b', path(true)),
      remote('c', path(false)),
      remote('d', { kind: 'reconnecting' }),
      remote('e', { kind: 'failed' }),
      remote('f', { kind: 'connected', path: null }),
    ];
    expect(countLinks(participants)).toEqual({ direct: 2, relayed: 1, pending: 2 });
  });
});

describe('initialOf', () => {
  it.each([
    ['ana', 'A'],
    ['  bo', 'B'],
    ['小宝', '小'],
    ['👩‍👧 and me', '👩‍👧'],
    ['éva', 'É'],
    ['', null],
    ['   ', null],
  ])('of %j is %j', (name, initial) => {
    expect(initialOf(name)).toBe(initial);
  });
});

describe('hueOf', () => {
  it('stays with a name and is one of twelve', () => {
    for (const name of ['Ana', '小宝', '', 'Kwame Mensah']) {
      expect(hueOf(name)).toBe(hueOf(name));
      expect(hueOf(name) % 30).toBe(0);
      expect(hueOf(name)).toBeGreaterThanOrEqual(0);
      expect(hueOf(name)).toBeLessThan(360);
    }
  });

  it('spreads names over the circle', () => {
    const hues = new Set(Array.from({ length: 100 }, (_, index) => hueOf(`person ${index}`)));
    expect(hues.size).toBeGreaterThan(9);
  });
});
