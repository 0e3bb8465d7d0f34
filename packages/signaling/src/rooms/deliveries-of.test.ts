import { describe, expect, it } from 'vitest';
import { chatOf, idOf, participantOf, roomOf } from '../testing/room-fixtures.ts';
import { applyRoomFact } from './apply-room-fact.ts';
import { deliveriesOf, type Delivery } from './deliveries-of.ts';
import { remoteParticipants } from './remote-participants.ts';
import type { RoomFact } from './room-fact.ts';

describe('deliveriesOf', () => {
  const before = roomOf('ana', 'bo', 'cleo');
  const dee = participantOf('dee');
  const bo = { ...participantOf('bo'), displayName: 'Bo B.' };
  it.each<[string, RoomFact, Delivery]>([
    [
      'a newcomer: to those who were there, who are polite',
      { kind: 'participant-joined', participant: dee },
      {
        to: [idOf('ana'), idOf('bo'), idOf('cleo')],
        notice: { name: 'participant-joined', body: { ...dee, polite: true } },
      },
    ],
    [
      'a change: to the others',
      { kind: 'participant-updated', participant: bo },
      { to: [idOf('ana'), idOf('cleo')], notice: { name: 'participant-updated', body: bo } },
    ],
    [
      'one who left: to those who stay',
      { kind: 'participant-left', id: idOf('bo'), reason: 'disconnected' },
      {
        to: [idOf('ana'), idOf('cleo')],
        notice: { name: 'participant-left', body: { id: idOf('bo'), reason: 'disconnected' } },
      },
    ],
    [
      'a line of chat: to all but its author',
      { kind: 'chat-taken', message: chatOf('cleo', 1) },
      { to: [idOf('ana'), idOf('bo')], notice: { name: 'chat', body: chatOf('cleo', 1) } },
    ],
  ])('tells of %s', (_what, fact, delivery) => {
    expect(deliveriesOf(applyRoomFact(before, fact), fact)).toEqual([delivery]);
  });

  it('tells of a newcomer what a look at the room shows', () => {
    const fact: RoomFact = { kind: 'participant-joined', participant: dee };
    const after = applyRoomFact(before, fact);
    const [told] = deliveriesOf(after, fact);
    expect(remoteParticipants(after, idOf('ana')).find(({ id }) => id === 'dee')).toEqual(told?.notice.body);
  });
});
