import type { ChatMessage, ParticipantId } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaTransport } from '../peer/media-transport.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createJoinReply } from '../testing/join-reply.ts';
import { participantId } from '../testing/participant-id.ts';
import { createRoom } from './create-room.ts';
import { createSeatLine } from './seat-line.ts';
import { readTicket, writeTicket } from './ticket.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { sendBeacon: () => true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const allOff = { audio: false, video: false, screen: false };
const seat = { requestsUpTo: 0, noticesUpTo: 0, graceSeconds: 15 };
const token = 'a-token-of-the-page-before'.padEnd(43, 'x');
const ticket = writeTicket({ token, ids: [participantId('earlier'), participantId('me')] });

function personOf(name: string, joinedAtMs: number) {
  return { id: participantId(name), displayName: name, media: allOff, joinedAtMs, polite: true };
}

function lineOf(author: string, sequence: number): ChatMessage {
  return { authorId: participantId(author), sequence, authorName: author, text: `${sequence}`, sentAtMs: 7 };
}

/** A page on its way into the room. */
function createPage(ticketOfPage?: string, formerIds?: readonly ParticipantId[]) {
  const signaling = createFakeSignaling();
  const opened = createRoom(
    {
      room: 'Room',
      displayName: 'Me',
      media: createFakeLocalMedia().media,
      ...(ticketOfPage !== undefined && { ticket: ticketOfPage }),
      ...(formerIds !== undefined && { formerIds }),
    },
    {
      connection: signaling.connection,
      log: () => {},
      // Media is of no interest here.
      createTransport: () => new Proxy({} as MediaTransport, { get: () => () => {} }),
    },
  );
  opened.enter();
  signaling.open();
  return { signaling, room: opened.room };
}

describe('a page that goes away', () => {
  it('says by two ways that another may follow, and hands over what that one needs', () => {
    const { signaling, room } = createPage();
    signaling.answer('room-join', createJoinReply({ seat }));
    const [claim] = signaling.requests('room-join');
    expect(readTicket(room.part() ?? '')).toEqual({ token: claim?.seat?.token, ids: ['me'] });
    expect(signaling.requests('room-leave')).toEqual([{ mayReturn: true }]);
    expect(signaling.beacons).toEqual([
      { path: 'leave', body: { room: 'Room', token: claim?.seat?.token, mayReturn: true } },
    ]);
    expect(room.snapshot.state).toEqual({ kind: 'left', reason: 'left' });
    expect(room.part()).toBeNull();
    room.leave();
    expect(signaling.requests('room-leave')).toHaveLength(1);
  });

  it('while its server is away hands over its seat, too', () => {
    const { signaling, room } = createPage();
    signaling.answer('room-join', createJoinReply({ seat }));
    signaling.lose();
    expect(readTicket(room.part() ?? '')?.ids).toEqual(['me']);
    expect(signaling.beacons).toHaveLength(1);
  });

  it('before it could ask hands on what it was given itself', () => {
    const signaling = createFakeSignaling();
    expect(createSeatLine(signaling.connection, () => 'new', token).part()).toBe(token);
    expect(createSeatLine(signaling.connection, () => 'new').part()).toBeNull();
    const asking = createPage(ticket);
    expect(readTicket(asking.room.part() ?? '')?.token).toBe(
      asking.signaling.requests('room-join')[0]?.seat?.token,
    );
  });
});

describe('the page that follows', () => {
  it('claims a seat of its own, and names the one before until it has an answer', () => {
    const { signaling } = createPage(ticket);
    signaling.lose();
    signaling.open();
    signaling.answer('room-join', createJoinReply({ seat }));
    const [first, second] = signaling.requests('room-join');
    expect([first?.replaces, second?.replaces]).toEqual([token, token]);
    expect(first?.seat?.token).toBe(second?.seat?.token);
    expect(first?.seat?.token).not.toBe(token);
  });

  it('knows whose lines are its own, and goes on counting where the one before ended', async () => {
    const { signaling, room } = createPage(ticket);
    const chat = [lineOf('earlier', 1), lineOf('me', 4)];
    signaling.answer('room-join', createJoinReply({ chat, seat: { ...seat, chatUpTo: 4 } }));
    expect(room.snapshot.self).toMatchObject({ id: 'me', formerIds: ['earlier'] });
    expect(room.snapshot.chat).toEqual(chat);
    const sent = room.sendChat('five');
    // Well above: lines that a server forgot when its machine lost power may have been heard by others.
    expect(signaling.numbered).toMatchObject([{ request: { sequence: 1_005 } }]);
    signaling.notify('answer', { request: 1, answer: { ok: true, value: lineOf('me', 1_005) } }, 1);
    expect(await sent).toBeNull();
  });

  it('does not list the one before as somebody else, where the server still waits for that one', () => {
    const { signaling, room } = createPage(ticket);
    const self = personOf('another', 9);
    const participants = [personOf('me', 1), personOf('ben', 2)];
    signaling.answer('room-join', createJoinReply({ self, participants, seat }));
    expect(room.snapshot.participants.map(({ id }) => id)).toEqual(['ben']);
    expect(room.snapshot.self.formerIds).toEqual(['earlier', 'me']);
  });

  it.each(['', 'x', `${token}x`, `${token} `, '{"token":"x"}', '.'.repeat(1_000)])(
    'comes in as anybody with what is no ticket (%j)',
    (text) => {
      const { signaling } = createPage(text);
      expect(signaling.requests('room-join')[0]).not.toHaveProperty('replaces');
    },
  );
});

describe('a stay after another in the same page', () => {
  const ids = [participantId('first'), participantId('second')];

  it('knows who this person was before, from its beginning', () => {
    const { signaling, room } = createPage(undefined, ids);
    expect(room.snapshot.self.formerIds).toEqual(ids);
    signaling.answer('room-join', createJoinReply({ seat }));
    expect(room.snapshot.self).toMatchObject({ id: 'me', formerIds: ids });
  });

  it('hands that on with its ticket, and adds what one says', () => {
    const { signaling, room } = createPage(ticket, ids);
    signaling.answer('room-join', createJoinReply({ seat }));
    expect(room.snapshot.self.formerIds).toEqual(['first', 'second', 'earlier']);
    expect(readTicket(room.part() ?? '')?.ids).toEqual(['first', 'second', 'earlier', 'me']);
  });
});

describe('the others', () => {
  it('see one who reloads go at once, and come back to the same place', () => {
    const { signaling, room } = createPage();
    const [ana, ben] = [personOf('ana', 1), personOf('ben', 2)];
    signaling.answer('room-join', createJoinReply({ participants: [ana, ben], seat }));
    const told: unknown[] = [];
    room.on('participant-left', ({ id, mayReturn }) => told.push(['left', id, mayReturn]));
    room.on('participant-joined', ({ id }) => told.push(['joined', id]));
    signaling.notify('participant-left', { id: ana.id, reason: 'left', mayReturn: true }, 1);
    expect(room.snapshot.participants.map(({ id }) => id)).toEqual(['ben']);
    signaling.notify('participant-joined', ana, 2);
    expect(room.snapshot.participants.map(({ id }) => id)).toEqual(['ana', 'ben']);
    signaling.notify('participant-left', { id: ben.id, reason: 'left' }, 3);
    expect(told).toEqual([
      ['left', 'ana', true],
      ['joined', 'ana'],
      ['left', 'ben', false],
    ]);
  });
});

it('a ticket names the last few stays only, and no id that is none', () => {
  const ids = Array.from({ length: 20 }, (_, index) => participantId(`p${index}`));
  expect(readTicket(writeTicket({ token, ids }))?.ids).toEqual(ids.slice(-8));
  expect(readTicket(`${token}.<b>.ok`)).toEqual({ token, ids: ['ok'] });
});
