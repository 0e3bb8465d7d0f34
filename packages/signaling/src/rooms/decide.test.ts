import { describe, expect, it } from 'vitest';
import { chatOf, idOf, mediaOff, participantOf, roomOf } from '../testing/room-fixtures.ts';
import { applyRoomFact } from './apply-room-fact.ts';
import { decideJoin as decideJoinOf, type Newcomer } from './decide-seat.ts';
import { decideChat, decideLeave, decideUpdate } from './decide.ts';
import { emptyRoom, type RoomState } from './room-state.ts';

const notInRoom = { ok: false, refusal: { code: 'not-in-room', message: expect.any(String) } };

/** A join without a seat. */
const decideJoin = (room: RoomState, participant: Newcomer['participant'], maxParticipants: number) =>
  decideJoinOf(room, { participant, roomId: 'life' }, maxParticipants);

describe('decideJoin', () => {
  it.each<[string, RoomState]>([
    ['an empty room', emptyRoom],
    ['a room with somebody inside', roomOf('ana')],
    ['the last place', roomOf('ana', 'bo')],
  ])('lets a participant into %s', (_what, room) => {
    const cleo = participantOf('cleo');
    expect(decideJoin(room, cleo, 3)).toEqual({
      ok: true,
      value: cleo,
      fact: { kind: 'participant-joined', participant: cleo, ...(room.id === null ? { opens: 'life' } : {}) },
    });
  });

  it('refuses one more than the room holds, and says how many that is', () => {
    expect(decideJoin(roomOf('ana', 'bo', 'cleo'), participantOf('dee'), 3)).toEqual({
      ok: false,
      refusal: { code: 'room-full', message: expect.stringContaining('3'), maxParticipants: 3 },
    });
  });

  it('refuses one who is inside, full room or not', () => {
    const refusal = { code: 'already-in-room', message: expect.any(String) };
    expect(decideJoin(roomOf('ana', 'bo'), participantOf('ana'), 3)).toEqual({ ok: false, refusal });
    expect(decideJoin(roomOf('ana', 'bo'), participantOf('ana'), 2)).toEqual({ ok: false, refusal });
  });

  it('has a place again once somebody left', () => {
    const room = applyRoomFact(roomOf('ana', 'bo'), {
      kind: 'participant-left',
      id: idOf('ana'),
      reason: 'left',
    });
    expect(decideJoin(room, participantOf('cleo'), 2).ok).toBe(true);
  });
});

describe('decideLeave', () => {
  it.each(['left', 'disconnected'] as const)('takes a participant out who %s', (reason) => {
    expect(decideLeave(roomOf('ana', 'bo'), idOf('ana'), reason)).toEqual({
      ok: true,
      value: null,
      fact: { kind: 'participant-left', id: 'ana', reason },
    });
  });

  it('refuses one who is not inside', () => {
    expect(decideLeave(roomOf('ana'), idOf('bo'), 'left')).toEqual(notInRoom);
  });
});

describe('decideUpdate', () => {
  const on = { audio: true, video: true, screen: false };
  it.each([
    ['a name', { displayName: 'Ana M.' }, { displayName: 'Ana M.', media: mediaOff }],
    ['no name any more', { displayName: '' }, { displayName: '', media: mediaOff }],
    ['a state', { media: on }, { displayName: 'ana', media: on }],
    ['both', { displayName: 'A', media: on }, { displayName: 'A', media: on }],
  ])('takes %s and keeps the rest', (_what, change, expected) => {
    const participant = { ...participantOf('ana'), ...expected };
    expect(decideUpdate(roomOf('ana', 'bo'), idOf('ana'), change)).toEqual({
      ok: true,
      value: participant,
      fact: { kind: 'participant-updated', participant },
    });
  });

  it.each([
    ['nothing', {}],
    ['the same name', { displayName: 'ana' }],
    ['the same state', { media: { ...mediaOff } }],
  ])('makes no fact of %s', (_what, change) => {
    expect(decideUpdate(roomOf('ana'), idOf('ana'), change)).toEqual({
      ok: true,
      value: participantOf('ana'),
      fact: null,
    });
  });

  it('refuses one who is not inside', () => {
    expect(decideUpdate(roomOf('ana'), idOf('bo'), { displayName: 'x' })).toEqual(notInRoom);
  });
});

describe('decideChat', () => {
  const talk = (room: RoomState, author: string, sequence: number, text?: string): RoomState =>
    applyRoomFact(room, { kind: 'chat-taken', message: chatOf(author, sequence, text) });

  it('takes a line, with the name its author has then and the time', () => {
    const message = { ...chatOf('ana', 1, 'hello'), sentAtMs: 77 };
    expect(decideChat(roomOf('ana'), idOf('ana'), { sequence: 1, text: 'hello' }, 77)).toEqual({
      ok: true,
      value: message,
      fact: { kind: 'chat-taken', message },
    });
  });

  it.each([
    ['the next', 5],
    ['one after a gap', 50],
    ['the last there is', Number.MAX_SAFE_INTEGER],
  ])('takes %s sequence', (_what, sequence) => {
    const room = talk(roomOf('ana'), 'ana', 4);
    const decision = decideChat(room, idOf('ana'), { sequence, text: 'x' }, 1);
    expect(decision.ok && decision.fact).toMatchObject({ message: { sequence } });
  });

  it('answers a repeated line with what was taken, whatever the text is now', () => {
    const room = talk(talk(roomOf('ana', 'bo'), 'ana', 4, 'first'), 'bo', 1);
    expect(decideChat(room, idOf('ana'), { sequence: 4, text: 'second' }, 99)).toEqual({
      ok: true,
      value: chatOf('ana', 4, 'first'),
      fact: null,
    });
  });

  it('answers an older line that is still in the history', () => {
    const room = talk(talk(roomOf('ana'), 'ana', 4, 'first'), 'ana', 5);
    const decision = decideChat(room, idOf('ana'), { sequence: 4, text: 'first' }, 99);
    expect(decision).toEqual({ ok: true, value: chatOf('ana', 4, 'first'), fact: null });
  });

  it("answers an author's last line even when the history has forgotten it", () => {
    let room = talk(roomOf('ana', 'bo'), 'ana', 1, 'mine');
    for (let sequence = 1; sequence <= 500; sequence += 1) room = talk(room, 'bo', sequence);
    expect(room.chat.some(({ authorId }) => authorId === 'ana')).toBe(false);
    const decision = decideChat(room, idOf('ana'), { sequence: 1, text: 'mine' }, 99);
    expect(decision).toEqual({ ok: true, value: chatOf('ana', 1, 'mine'), fact: null });
  });

  it('refuses a sequence that was skipped: an author only counts up', () => {
    const room = talk(roomOf('ana'), 'ana', 4);
    expect(decideChat(room, idOf('ana'), { sequence: 3, text: 'late' }, 1)).toEqual({
      ok: false,
      refusal: { code: 'bad-request', message: expect.stringContaining('sequence') },
    });
  });

  it('counts each author alone', () => {
    const room = talk(roomOf('ana', 'bo'), 'ana', 4);
    const decision = decideChat(room, idOf('bo'), { sequence: 4, text: 'mine' }, 1);
    expect(decision.ok && decision.value).toMatchObject({ authorId: 'bo', text: 'mine' });
  });

  it("does not answer one author with another's line", () => {
    const room = talk(talk(roomOf('ana', 'bo'), 'bo', 3), 'ana', 4);
    expect(decideChat(room, idOf('ana'), { sequence: 3, text: 'late' }, 1).ok).toBe(false);
  });

  it('refuses one who is not inside', () => {
    expect(decideChat(roomOf('ana'), idOf('bo'), { sequence: 1, text: 'x' }, 1)).toEqual(notInRoom);
  });
});
