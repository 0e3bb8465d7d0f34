import type { ChatMessage } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { fakeId } from '../../testing/fake-room.ts';
import { groupMessages } from './group-messages.ts';

const message = (author: string, sequence: number, sentAtMs: number, authorName = author): ChatMessage => ({
  authorId: fakeId(author),
  authorName,
  sequence,
  text: `${author} ${sequence}`,
  sentAtMs,
});

const shape = (messages: readonly ChatMessage[]) =>
  groupMessages(messages).map((group) => [group.authorId, group.messages.length]);

describe('groupMessages', () => {
  it('gathers what one person says in a row', () => {
    const messages = [
      message('a', 1, 0),
      message('a', 2, 1000),
      message('b', 1, 2000),
      message('a', 3, 3000),
    ];
    expect(shape(messages)).toEqual([
      ['a', 2],
      ['b', 1],
      ['a', 1],
    ]);
  });

  it('begins anew after a pause, counted from the message before', () => {
    const minute = 60_000;
    expect(shape([message('a', 1, 0), message('a', 2, 2 * minute), message('a', 3, 4 * minute)])).toEqual([
      ['a', 3],
    ]);
    expect(shape([message('a', 1, 0), message('a', 2, 3 * minute)])).toHaveLength(2);
  });

  it('begins anew when the person has changed their name', () => {
    expect(shape([message('a', 1, 0, 'Ana'), message('a', 2, 10, 'Ana B.')])).toHaveLength(2);
  });

  it('names each group by its first message, so that it keeps its place as it grows', () => {
    const first = [message('a', 1, 0)];
    const grown = [...first, message('a', 2, 10)];
    expect(groupMessages(grown)[0]?.key).toBe(groupMessages(first)[0]?.key);
  });
});
