import type { ChatMessage } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import { createFirstSnapshot } from '../room/create-first-snapshot.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { participantId } from '../testing/participant-id.ts';
import { appendChat, confirmChat, mergeChat, withoutUnsent } from './chat-history.ts';

const message = (author: string, sequence: number): ChatMessage => ({
  authorId: participantId(author),
  sequence,
  authorName: author,
  text: `${author} ${sequence}`,
  sentAtMs: sequence,
});

describe('chat', () => {
  it('takes a message once, however often it is heard', () => {
    const once = appendChat([message('ana', 1)], message('ben', 1));
    expect(once).toHaveLength(2);
    expect(appendChat(once, message('ben', 1))).toBe(once);
  });

  it('does not confuse two authors with the same number', () => {
    expect(appendChat([message('ana', 1)], message('ben', 1)).map(({ text }) => text)).toEqual([
      'ana 1',
      'ben 1',
    ]);
  });

  it('after an absence holds what was missed, in the order of the room', () => {
    const heard = [message('ana', 1), message('ben', 1)];
    const remembered = [message('ana', 1), message('ben', 1), message('ana', 2)];
    expect(mergeChat(heard, remembered)).toEqual(remembered);
  });

  it('keeps what the room has forgotten, before all it remembers', () => {
    const heard = [message('ana', 1), message('ana', 2)];
    expect(mergeChat(heard, [message('ben', 1)]).map(({ text }) => text)).toEqual([
      'ana 1',
      'ana 2',
      'ben 1',
    ]);
  });

  it('keeps what the room has lost behind what was said before it, and before what was said since', () => {
    const heard = [message('old', 1), message('ana', 1), message('ben', 1), message('ana', 2)];
    const remembered = [message('ana', 1), message('ben', 2)];
    expect(mergeChat(heard, remembered).map(({ text }) => text)).toEqual([
      'old 1',
      'ana 1',
      'ben 1',
      'ana 2',
      'ben 2',
    ]);
  });

  it('is the same object when nothing was missed', () => {
    const heard = [message('ana', 1)];
    expect(mergeChat(heard, [message('ana', 1)])).toBe(heard);
  });
});

describe('a line that waits for the room', () => {
  const unsentChat = [1, 2].map((sequence) => ({ sequence, text: `ana ${sequence}`, writtenAtMs: 0 }));
  const first = createFirstSnapshot(
    { room: 'room', displayName: 'Ana', media: createFakeLocalMedia().media },
    [],
  );
  const snapshot = { ...first, self: { ...first.self, id: participantId('ana') }, unsentChat };

  it('waits no longer once it is in the chat, by whichever way it was heard of first', () => {
    const once = confirmChat(snapshot, message('ana', 1));
    expect(once.chat).toEqual([message('ana', 1)]);
    expect(once.unsentChat).toEqual([unsentChat[1]]);
    expect(confirmChat(once, message('ana', 1))).toEqual(once);
  });

  it('waits on when somebody else has said as many', () => {
    expect(confirmChat(snapshot, message('ben', 1)).unsentChat).toBe(unsentChat);
  });

  it('is one of a list that stays the same where it is not in it', () => {
    expect(withoutUnsent(unsentChat, 3)).toBe(unsentChat);
  });
});
