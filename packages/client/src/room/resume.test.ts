import type { ChatMessage, ReplyOf } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaTransport, TransportHost } from '../peer/media-transport.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createJoinReply } from '../testing/join-reply.ts';
import { participantId } from '../testing/participant-id.ts';
import { createRoom } from './create-room.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { sendBeacon: () => true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const allOff = { audio: false, video: false, screen: false };
const ben = { id: participantId('ben'), displayName: 'Ben', media: allOff, joinedAtMs: 5, polite: false };
const seat = { requestsUpTo: 0, noticesUpTo: 10, graceSeconds: 15 };
const grant = { iceServers: [{ urls: ['stun:here'] }], lifetimeSeconds: 3_600, relayInstanceId: 'first' };

function lineOf(author: string, sequence: number): ChatMessage {
  return { authorId: participantId(author), sequence, authorName: author, text: `${sequence}`, sentAtMs: 7 };
}

/** A room with a seat, in which Ben is, and what its transport was told since. */
function createSeated() {
  const signaling = createFakeSignaling();
  const devices = createFakeLocalMedia();
  const told: string[] = [];
  const hosts: TransportHost[] = [];
  const opened = createRoom(
    { room: 'Room', displayName: 'Me', media: devices.media },
    {
      connection: signaling.connection,
      log: () => {},
      createTransport(host) {
        hosts.push(host);
        // Each method only notes that it was called, and with which ICE servers.
        return new Proxy({} as MediaTransport, {
          get: (_target, name) => (first: unknown) => {
            told.push(name === 'setIceServers' ? `setIceServers ${JSON.stringify(first)}` : String(name));
          },
        });
      },
    },
  );
  opened.enter();
  signaling.open();
  signaling.answer('room-join', createJoinReply({ participants: [ben], seat, roomId: 'life', ice: grant }));
  told.length = 0;
  return {
    signaling,
    room: opened.room,
    told,
    hosts,
    resume: (change: Partial<ReplyOf<'room-resume'>> = {}) => {
      signaling.lose();
      signaling.open();
      signaling.answer('room-resume', createResumeReply(change));
    },
  };
}

describe('coming back to the same seat', () => {
  it('keeps the transport and everybody in it, and has it mend what waited', () => {
    const { signaling, room, told, hosts } = createSeated();
    const before = room.snapshot;
    const events = vi.fn();
    room.on('participant-joined', events);
    room.on('participant-left', events);
    signaling.lose();
    expect(room.snapshot.state).toEqual({ kind: 'reconnecting' });
    expect(told).toEqual(['suspect']);
    signaling.open();
    signaling.answer('room-resume', createResumeReply());
    expect(room.snapshot.state).toEqual({ kind: 'joined' });
    expect(room.snapshot.participants).toBe(before.participants);
    expect(room.snapshot.self.id).toBe(before.self.id);
    expect(events).not.toHaveBeenCalled();
    expect(hosts).toHaveLength(1);
    expect(told.slice(1)).toEqual([`setIceServers ${JSON.stringify(grant.iceServers)}`, 'resume']);
  });

  it('has relayed connections mended at once when the relay was replaced', () => {
    const { told, resume } = createSeated();
    resume({ ice: { ...grant, relayInstanceId: 'second' } });
    expect(told).toContain('replaceRelay');
    told.length = 0;
    resume({ ice: { ...grant, relayInstanceId: 'second' } });
    expect(told).not.toContain('replaceRelay');
  });

  it('hears what was missed, and tells what was said meanwhile', async () => {
    const { signaling, room, resume } = createSeated();
    signaling.lose();
    const sent = room.sendChat('while away');
    expect(room.snapshot.unsentChat).toMatchObject([{ sequence: 1, text: 'while away' }]);
    const places: unknown[] = [];
    room.subscribe(({ chat, unsentChat }) => places.push([chat.length, unsentChat.length]));
    signaling.open();
    expect(signaling.numbered).toEqual([]);
    signaling.answer('room-resume', createResumeReply());
    expect(signaling.numbered).toMatchObject([{ name: 'chat-send', request: { text: 'while away' } }]);
    signaling.notify('chat', lineOf('ben', 1), 11);
    signaling.notify('answer', { request: 1, answer: { ok: true, value: lineOf('me', 1) } }, 12);
    expect(await sent).toBeNull();
    expect(room.snapshot.chat).toEqual([lineOf('ben', 1), lineOf('me', 1)]);
    // Of all that was shown none is without the line, and none has it twice.
    expect(places).toEqual([
      [0, 1],
      [1, 1],
      [2, 0],
    ]);
    resume();
    signaling.notify('chat', lineOf('ben', 1), 11);
    expect(room.snapshot.chat).toHaveLength(2);
  });

  it('shows of whom the server has lost sight, and until when', () => {
    const { signaling, room } = createSeated();
    const isAway = () => room.snapshot.participants[0]?.away ?? false;
    signaling.notify('participant-reconnecting', { id: ben.id }, 11);
    expect(isAway()).toBe(true);
    signaling.notify('participant-returned', { id: ben.id }, 12);
    expect(isAway()).toBe(false);
  });

  it('tells nobody anything who is away, and has what waited for them mended when they are back', () => {
    const { signaling, told, hosts } = createSeated();
    const canSend = () => [undefined, ben.id].map((to) => hosts[0]?.canSend(to));
    expect(canSend()).toEqual([true, true]);
    signaling.notify('participant-reconnecting', { id: ben.id }, 11);
    expect(canSend()).toEqual([true, false]);
    signaling.notify('participant-returned', { id: ben.id }, 12);
    expect(canSend()).toEqual([true, true]);
    expect(told).toEqual(['resume']);
  });
});

describe('coming back to a server that has forgotten the room', () => {
  it('is a way in anew, which says that the room began afresh and keeps what was heard', () => {
    const { signaling, room, hosts } = createSeated();
    const afresh = vi.fn();
    room.on('started-afresh', afresh);
    signaling.notify('chat', lineOf('ben', 1), 11);
    signaling.lose();
    void room.sendChat('lost with the room');
    signaling.open();
    signaling.refuse('room-resume', 'resume-refused', 'unknown');
    expect(room.snapshot.unsentChat).toEqual([]);
    signaling.answer('room-join', createJoinReply({ seat, roomId: 'another life', ice: grant }));
    expect(afresh).toHaveBeenCalledTimes(1);
    expect(room.snapshot.state).toEqual({ kind: 'joined' });
    expect(room.snapshot.chat).toEqual([lineOf('ben', 1)]);
    expect(hosts).toHaveLength(2);
  });

  it('is not afresh where only the seat is gone', () => {
    const { signaling, room } = createSeated();
    const afresh = vi.fn();
    room.on('started-afresh', afresh);
    signaling.lose();
    signaling.open();
    signaling.refuse('room-resume', 'resume-refused', 'gone');
    signaling.answer('room-join', createJoinReply({ seat, roomId: 'life', ice: grant }));
    expect(afresh).not.toHaveBeenCalled();
  });
});

function createResumeReply(change: Partial<ReplyOf<'room-resume'>> = {}): ReplyOf<'room-resume'> {
  const { room, self, maxParticipants, instanceId } = createJoinReply();
  return { room, self, maxParticipants, instanceId, roomId: 'life', ice: grant, seat, ...change };
}
