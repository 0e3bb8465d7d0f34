import { limits } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import { chatOf, idOf, participantOf, roomOf } from '../testing/room-fixtures.ts';
import { applyRoomFact } from './apply-room-fact.ts';
import type { RoomFact } from './room-fact.ts';
import type { RoomState } from './room-state.ts';

const idsOf = (room: RoomState): string[] => [...room.members.keys()];

describe('applyRoomFact', () => {
  it('keeps participants in the order in which they came', () => {
    expect(idsOf(roomOf('cleo', 'ana', 'bo'))).toEqual(['cleo', 'ana', 'bo']);
  });

  it('changes a participant and leaves the place in the order', () => {
    const changed = { ...participantOf('ana'), displayName: 'Ana M.' };
    const room = applyRoomFact(roomOf('ana', 'bo'), { kind: 'participant-updated', participant: changed });
    expect([...room.members.values()].map(({ participant }) => participant)).toEqual([
      changed,
      participantOf('bo'),
    ]);
  });

  it('takes a participant out and keeps what they said', () => {
    const room = [
      { kind: 'chat-taken', message: chatOf('ana', 1) } as const,
      { kind: 'participant-left', id: idOf('ana'), reason: 'left' } as const,
    ].reduce<RoomState>(applyRoomFact, roomOf('ana', 'bo'));
    expect(idsOf(room)).toEqual(['bo']);
    expect(room.chat).toEqual([chatOf('ana', 1)]);
  });

  it('keeps the last lines of chat, oldest first, and no more than the limit', () => {
    let room = roomOf('ana');
    for (let sequence = 1; sequence <= limits.chatHistoryLength + 3; sequence += 1) {
      room = applyRoomFact(room, { kind: 'chat-taken', message: chatOf('ana', sequence) });
    }
    expect(room.chat.length).toBe(limits.chatHistoryLength);
    expect(room.chat.map(({ sequence }) => sequence).slice(0, 2)).toEqual([4, 5]);
    expect(room.chat.at(-1)?.sequence).toBe(limits.chatHistoryLength + 3);
  });

  it('remembers the last line of each author', () => {
    let room = roomOf('ana', 'bo');
    for (const message of [chatOf('ana', 1), chatOf('bo', 7), chatOf('ana', 2)]) {
      room = applyRoomFact(room, { kind: 'chat-taken', message });
    }
    expect(room.members.get(idOf('ana'))?.lastChat).toEqual(chatOf('ana', 2));
    expect(room.members.get(idOf('bo'))?.lastChat).toEqual(chatOf('bo', 7));
  });

  it.each<[string, RoomFact]>([
    ['joined', { kind: 'participant-joined', participant: participantOf('cleo') }],
    ['updated', { kind: 'participant-updated', participant: { ...participantOf('ana'), displayName: 'x' } }],
    ['left', { kind: 'participant-left', id: idOf('ana'), reason: 'left' }],
    ['chat', { kind: 'chat-taken', message: chatOf('ana', 1) }],
  ])('leaves the room before it untouched (%s)', (_what, fact) => {
    const before = roomOf('ana', 'bo');
    const copy = structuredClone(before);
    expect(applyRoomFact(before, fact)).not.toEqual(copy);
    expect(before).toEqual(copy);
  });

  it('does not accept a fact about somebody who is not there: the record would be of another room', () => {
    expect(() =>
      applyRoomFact(roomOf('ana'), { kind: 'participant-updated', participant: participantOf('bo') }),
    ).toThrow('not in the room');
    expect(() => applyRoomFact(roomOf('ana'), { kind: 'chat-taken', message: chatOf('bo', 1) })).toThrow(
      'not in the room',
    );
  });
});
