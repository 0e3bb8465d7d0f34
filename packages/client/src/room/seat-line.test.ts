import { parseRoomName, type ReplyOf } from '@callbox/contract';
import { describe, expect, it, vi } from 'vitest';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createJoinReply } from '../testing/join-reply.ts';
import { participantId } from '../testing/participant-id.ts';
import { createSeatLine } from './seat-line.ts';
import { createSeatToken } from './seat-token.ts';

const media = { audio: true, video: true, screen: false };
const request = { room: 'Room', displayName: 'Ana', media };
const seat = { requestsUpTo: 0, noticesUpTo: 10, graceSeconds: 15 };

function readRoom() {
  const room = parseRoomName('room');
  if (!room.ok) throw new Error(room.reason);
  return room.value;
}
const room = readRoom();

function createResumeReply(requestsUpTo: number): ReplyOf<'room-resume'> {
  const { self, ice, maxParticipants, instanceId } = createJoinReply();
  return {
    room,
    self,
    ice,
    maxParticipants,
    instanceId,
    roomId: 'life',
    seat: { ...seat, requestsUpTo },
  };
}

/** A line with a seat, whose server is played by the test. */
function createSeated(change: Partial<ReplyOf<'room-join'>> = { seat }) {
  const signaling = createFakeSignaling();
  let tokens = 0;
  const line = createSeatLine(signaling.connection, () => `token ${(tokens += 1)}`);
  const heard: string[] = [];
  line.on('notice:chat', ({ text }) => heard.push(text));
  signaling.open();
  line.join(request, () => {});
  signaling.answer('room-join', createJoinReply(change));
  return {
    signaling,
    line,
    heard,
    say: (text: string, number: number | null) => {
      const authorId = participantId('ben');
      signaling.notify('chat', { authorId, sequence: 1, authorName: 'Ben', text, sentAtMs: 0 }, number);
    },
    sendLine: (sequence: number) => {
      const onAnswer = vi.fn();
      line.request('chat-send', { sequence, text: `line ${sequence}` }, onAnswer);
      return onAnswer;
    },
    sent: () => signaling.numbered.map(({ numbering }) => numbering.number),
    lose: () => {
      signaling.lose();
      line.pause();
    },
    resume: (requestsUpTo: number) => {
      signaling.open();
      line.resume(room, () => {});
      signaling.answer('room-resume', createResumeReply(requestsUpTo));
    },
  };
}

function answered(sequence: number) {
  const authorId = participantId('me');
  return { authorId, sequence, authorName: 'Me', text: `line ${sequence}`, sentAtMs: 1 };
}

describe('a seat', () => {
  it('is claimed by a token of this side, and again with the same one when the answer was lost', () => {
    const signaling = createFakeSignaling();
    const line = createSeatLine(signaling.connection, () => 'token');
    signaling.open();
    line.join(request, () => {});
    signaling.lose();
    signaling.open();
    line.join(request, () => {});
    expect(signaling.requests('room-join')).toEqual([
      { ...request, seat: { token: 'token', connection: 1 } },
      { ...request, seat: { token: 'token', connection: 2 } },
    ]);
  });

  it('is resumed with a higher number for each connection, and says how far it has heard', () => {
    const { signaling, say, lose, resume } = createSeated();
    say('one', 11);
    lose();
    resume(0);
    lose();
    resume(0);
    expect(signaling.requests('room-resume')).toEqual([
      { room, seat: { token: 'token 1', connection: 2 }, receivedUpTo: 11 },
      { room, seat: { token: 'token 1', connection: 3 }, receivedUpTo: 11 },
    ]);
  });

  it('that cannot be resumed is named by the next, and what waited for it is refused', () => {
    const { signaling, line, sendLine, lose } = createSeated();
    lose();
    const onAnswer = sendLine(1);
    line.abandon();
    expect(onAnswer).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ ok: false }));
    expect(line.canResume).toBe(false);
    signaling.open();
    line.join(request, () => {});
    expect(signaling.requests('room-join')[1]).toEqual({
      ...request,
      seat: { token: 'token 2', connection: 1 },
      replaces: 'token 1',
    });
  });

  it('is left on the connection and beside it, so that a page that goes away is heard', () => {
    const { signaling, line } = createSeated();
    line.leave();
    expect(signaling.requests('room-leave')).toHaveLength(1);
    expect(signaling.beacons).toEqual([{ path: 'leave', body: { room: 'Room', token: 'token 1' } }]);
  });
});

describe('what is heard in a seat', () => {
  it('is handed over once, in order, whatever comes again after a resume', () => {
    const { heard, say, lose, resume } = createSeated();
    say('one', 11);
    say('one', 11);
    lose();
    resume(0);
    say('one', 11);
    say('two', 12);
    say('before the seat', 9);
    say('three', 1_000_012);
    expect(heard).toEqual(['one', 'two', 'three']);
  });

  it('is acknowledged by each sign of life, but not before the seat is resumed', () => {
    const { signaling, line, say, lose } = createSeated();
    expect(signaling.acknowledged()).toEqual([10]);
    say('one', 11);
    expect(signaling.acknowledged()).toEqual([11]);
    lose();
    expect(signaling.acknowledged()).toEqual([null]);
    line.leave();
    expect(signaling.acknowledged()).toEqual([]);
  });

  it('is handed over as it comes where it has no number', () => {
    const { heard, say } = createSeated();
    say('again', null);
    say('again', null);
    expect(heard).toEqual(['again', 'again']);
  });
});

describe('what is said in a seat', () => {
  it('is numbered, acknowledges what was heard, and is answered by a notice', () => {
    const { signaling, say, sendLine } = createSeated();
    say('one', 11);
    const onAnswer = sendLine(1);
    expect(signaling.numbered).toEqual([
      {
        name: 'chat-send',
        request: { sequence: 1, text: 'line 1' },
        numbering: { number: 1, receivedUpTo: 11 },
      },
    ]);
    signaling.notify('answer', { request: 1, answer: { ok: true, value: answered(1) } }, 12);
    signaling.notify('answer', { request: 1, answer: { ok: true, value: answered(1) } }, 13);
    expect(onAnswer).toHaveBeenCalledExactlyOnceWith({ ok: true, value: answered(1) });
  });

  it('waits while the server is away, and is sent once it is back, in order', () => {
    const { sendLine, sent, lose, resume } = createSeated();
    lose();
    sendLine(1);
    sendLine(2);
    expect(sent()).toEqual([]);
    resume(0);
    sendLine(3);
    expect(sent()).toEqual([1, 2, 3]);
  });

  it('is repeated only where the server does not have it', () => {
    const { signaling, sendLine, sent, lose, resume } = createSeated();
    const onAnswers = [1, 2, 3].map(sendLine);
    lose();
    signaling.numbered.length = 0;
    resume(2);
    expect(sent()).toEqual([3]);
    // What the server had already it answers in its stream.
    for (const number of [1, 2, 3]) {
      const answer = { ok: true, value: answered(number) } as const;
      signaling.notify('answer', { request: number, answer }, 20 + number);
    }
    for (const onAnswer of onAnswers) expect(onAnswer).toHaveBeenCalledTimes(1);
  });

  it('is refused when too much waits', () => {
    const { sendLine, lose } = createSeated();
    lose();
    const answers = Array.from({ length: 1_001 }, (_, index) => sendLine(index + 1));
    expect(answers.filter((onAnswer) => onAnswer.mock.calls.length > 0)).toEqual([answers.at(-1)]);
  });

  it('is taken for refused when its answer does not fit', () => {
    const { signaling, sendLine } = createSeated();
    const onAnswer = sendLine(1);
    signaling.notify('answer', { request: 1, answer: { ok: true, value: { text: 7 } } }, 12);
    expect(onAnswer).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ ok: false }));
  });
});

it('what waits for one who has left is not sent to the page by which they may come again; its number is', () => {
  const { signaling, line, sendLine, lose, resume } = createSeated();
  const [ben, cleo] = [participantId('ben'), participantId('cleo')];
  const send = (to: typeof ben) => {
    const onAnswer = vi.fn();
    line.request('peer-message-send', { to, message: { kind: 'rebuild', generation: 1 } }, onAnswer);
    return onAnswer;
  };
  const [toBen, toCleo] = [send(ben), send(cleo)];
  sendLine(3);
  signaling.notify('participant-left', { id: ben, reason: 'left', mayReturn: true }, 11);
  expect(toBen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ ok: false }));
  expect(toCleo).not.toHaveBeenCalled();
  lose();
  signaling.numbered.length = 0;
  resume(0);
  expect(signaling.numbered).toMatchObject([
    { name: 'participant-update', request: {}, numbering: { number: 1, receivedUpTo: 11 } },
    { name: 'peer-message-send', request: { to: cleo }, numbering: { number: 2 } },
    { name: 'chat-send', numbering: { number: 3 } },
  ]);
  // Whichever of the two the server had.
  signaling.notify('answer', { request: 1, answer: { ok: true, value: {} } }, 12);
  signaling.notify('answer', { request: 2, answer: { ok: true, value: {} } }, 13);
  expect(toBen).toHaveBeenCalledTimes(1);
  expect(toCleo).toHaveBeenCalledExactlyOnceWith({ ok: true, value: {} });
});

it('a server that keeps no seats is asked as before', () => {
  const { signaling, line, sendLine } = createSeated({});
  const onAnswer = sendLine(1);
  signaling.answer('chat-send', answered(1));
  expect(onAnswer).toHaveBeenCalledExactlyOnceWith({ ok: true, value: answered(1) });
  expect(signaling.numbered).toEqual([]);
  expect(line.canResume).toBe(false);
  line.leave();
  expect(signaling.beacons).toEqual([]);
});

it('a token is 32 bytes that nobody can guess', () => {
  const tokens = Array.from({ length: 50 }, createSeatToken);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new Set(tokens).size).toBe(50);
});
