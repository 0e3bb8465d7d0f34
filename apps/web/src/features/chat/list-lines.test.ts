import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../testing/fake-client.ts';
import { fakeId } from '../../testing/fake-room.ts';
import { groupMessages } from './group-messages.ts';
import { listLines } from './list-lines.ts';

const empty = emptySnapshot({ room: 'standup', displayName: 'Ana' });
const self = { ...empty.self, id: fakeId('me') };
const hello = { authorId: fakeId('me'), sequence: 1, authorName: 'Ana', text: 'Hello', sentAtMs: 1_000 };
const reply = { authorId: fakeId('ben'), sequence: 1, authorName: 'Ben', text: 'Hi', sentAtMs: 2_000 };
const unsent = { sequence: 2, text: 'Still there?', writtenAtMs: 1_500 };

describe('the lines of the chat', () => {
  it('end with what waits for the server, as this person wrote it, whatever comes meanwhile', () => {
    const lines = listLines({ self, chat: [hello, reply], unsentChat: [unsent, { ...unsent, sequence: 3 }] });
    expect(lines.map(({ authorId, sequence, isWaiting }) => [authorId, sequence, isWaiting])).toEqual([
      ['me', 1, false],
      ['ben', 1, false],
      ['me', 2, true],
      ['me', 3, true],
    ]);
    expect(lines[2]).toMatchObject({ authorName: 'Ana', text: 'Still there?', sentAtMs: 1_500 });
  });

  it('stay where they are, and the same to who draws them, when the room has them', () => {
    const confirmed = { ...hello, sequence: 2, text: 'Still there?', sentAtMs: 9_000 };
    const before = groupMessages(listLines({ self, chat: [hello], unsentChat: [unsent] }));
    const after = groupMessages(listLines({ self, chat: [hello, confirmed], unsentChat: [] }));
    const names = (groups: typeof before) =>
      groups.map(({ key, messages }) => [key, messages.map(({ sequence }) => sequence)]);
    expect(names(before)).toEqual([['me 1', [1, 2]]]);
    expect(names(after)).toEqual(names(before));
  });
});
