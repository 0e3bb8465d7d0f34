import type { RemoteParticipant } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import { participantId } from '../testing/participant-id.ts';
import {
  addToRoster,
  describeParticipant,
  removeFromRoster,
  setLink,
  setTracks,
  updateInRoster,
} from './roster.ts';

function participant(name: string): RemoteParticipant {
  const media = { audio: true, video: true, screen: false };
  return { id: participantId(name), displayName: name, media, joinedAtMs: 1, polite: true };
}

const ana = describeParticipant(participant('ana'));
const ben = describeParticipant(participant('ben'));
const roster = [ana, ben];

describe('the roster', () => {
  it('begins each one as connecting and without tracks', () => {
    expect(ana).toMatchObject({ link: { kind: 'connecting' }, tracks: { audio: null, camera: null } });
    expect(ana).not.toHaveProperty('polite');
  });

  it('says of one on an older page that it is one, and of others nothing', () => {
    expect(describeParticipant({ ...participant('ana'), dialect: 'plain' })).toHaveProperty(
      'dialect',
      'plain',
    );
    expect(ana).not.toHaveProperty('dialect');
  });

  it('lists in the order of coming, each once', () => {
    expect(addToRoster([ana], ben)).toEqual([ana, ben]);
    expect(addToRoster(roster, describeParticipant(participant('ana')))).toBe(roster);
  });

  it('changes one and leaves the others the same objects', () => {
    const changed = setLink(roster, ben.id, { kind: 'connected', path: null });
    expect(changed[0]).toBe(ana);
    expect(changed[1]).toEqual({ ...ben, link: { kind: 'connected', path: null } });
    expect(changed[1]?.tracks).toBe(ben.tracks);
    expect(roster[1]).toBe(ben);
  });

  it('is the same object when nothing is new', () => {
    const path = { relayed: true, protocol: 'tls' } as const;
    const connected = setLink(roster, ana.id, { kind: 'connected', path });
    expect(setLink(connected, ana.id, { kind: 'connected', path: { ...path } })).toBe(connected);
    expect(setTracks(connected, ana.id, { ...ana.tracks })).toBe(connected);
    expect(updateInRoster(connected, { ...participant('ana'), media: { ...ana.media } })).toBe(connected);
    expect(removeFromRoster(connected, participant('cleo').id)).toBe(connected);
  });

  it('keeps the media object when only the name has changed', () => {
    const renamed = updateInRoster(roster, {
      ...participant('ana'),
      displayName: 'Ana B.',
      media: { ...ana.media },
    });
    expect(renamed[0]?.displayName).toBe('Ana B.');
    expect(renamed[0]?.media).toBe(ana.media);
  });

  it('ignores what concerns nobody here', () => {
    expect(updateInRoster(roster, participant('cleo'))).toBe(roster);
    expect(setLink(roster, participant('cleo').id, { kind: 'failed' })).toBe(roster);
  });
});
