import type { ChatMessage, RoomName } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../testing/fake-client.ts';
import { fakeId } from '../testing/fake-room.ts';
import { countReadBefore, describePastStay } from './past-stay.ts';

const line = (author: string, sequence: number): ChatMessage => ({
  authorId: fakeId(author),
  sequence,
  authorName: author,
  text: `${author} ${sequence}`,
  sentAtMs: 0,
});

const lines = [line('ana', 1), line('ben', 1), line('ana', 2)];
const empty = emptySnapshot({ room: 'standup', displayName: 'Ana' });
const room = {
  ...empty,
  self: { ...empty.self, id: fakeId('third'), formerIds: [fakeId('first'), fakeId('second')] },
  chat: lines,
};

describe('what is kept of a stay', () => {
  it('is who the person was in it and before, and how far they had read', () => {
    expect(describePastStay(room, 2)).toEqual({
      room: 'standup',
      ids: ['first', 'second', 'third'],
      lastRead: lines[1],
    });
    expect(describePastStay(room, 0)).toMatchObject({ lastRead: null });
  });

  it('is nothing where it never came in', () => {
    expect(describePastStay(empty, 0)).toBeNull();
    expect(describePastStay({ ...room, room: null as RoomName | null }, 2)).toBeNull();
  });
});

describe('what has been read before', () => {
  it('ends with the line that was read last, wherever that stands by now', () => {
    const [first, second, third] = lines;
    expect(countReadBefore(lines, second ?? null)).toBe(2);
    expect(countReadBefore(lines.slice(1), second ?? null)).toBe(1);
    expect(countReadBefore([...lines, line('ben', 2)], third ?? null)).toBe(3);
    expect(countReadBefore(lines.slice(1), first ?? null)).toBe(0);
  });

  it('is nothing in a room of the same name that began afresh', () => {
    expect(countReadBefore([line('dora', 1), line('dora', 2)], line('ana', 2))).toBe(0);
    expect(countReadBefore([], line('ana', 2))).toBe(0);
    expect(countReadBefore(lines, null)).toBe(0);
  });
});
