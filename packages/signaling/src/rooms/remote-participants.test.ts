import { describe, expect, it } from 'vitest';
import { idOf, mediaOff, participantOf, roomOf } from '../testing/room-fixtures.ts';
import { applyRoomFact } from './apply-room-fact.ts';
import { remoteParticipants } from './remote-participants.ts';

describe('remoteParticipants', () => {
  it('lists everybody but the viewer, in the order in which they came', () => {
    const room = roomOf('ana', 'bo', 'cleo');
    expect(remoteParticipants(room, idOf('bo'))).toEqual([
      { ...participantOf('ana'), polite: false },
      { ...participantOf('cleo'), polite: true },
    ]);
  });

  it('makes exactly one side of each pair polite: the one who came first', () => {
    const names = ['dee', 'ana', 'cleo', 'bo'];
    const room = roomOf(...names);
    for (const [place, name] of names.entries()) {
      for (const other of remoteParticipants(room, idOf(name))) {
        expect(other.polite).toBe(place < names.indexOf(other.id));
      }
    }
  });

  it('does not change who is polite when somebody changes or leaves', () => {
    let room = roomOf('ana', 'bo', 'cleo');
    const media = { ...mediaOff, audio: true };
    room = applyRoomFact(room, {
      kind: 'participant-updated',
      participant: { ...participantOf('ana'), media },
    });
    room = applyRoomFact(room, { kind: 'participant-left', id: idOf('bo'), reason: 'left' });
    expect(remoteParticipants(room, idOf('ana')).map(({ id, polite }) => [id, polite])).toEqual([
      ['cleo', true],
    ]);
    expect(remoteParticipants(room, idOf('cleo')).map(({ id, polite }) => [id, polite])).toEqual([
      ['ana', false],
    ]);
  });
});
