import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFakeDisk } from '../../testing/model/fake-disk.ts';
import { roomNameOf } from '../../testing/room-fixtures.ts';
import { readFact, writeState } from '../room-record.ts';
import { createRoomStore } from '../room-store.ts';

interface Recorded {
  readonly startedAtMs: number;
  readonly lines: readonly unknown[];
  readonly state: unknown;
}

// What a server wrote down, and what a start made of it. Where this fails, a build would number the notices of living rooms
// otherwise than the one before: give the journal a new version, and leave these as they are.
function readRecorded(name: string): Recorded & { readonly texts: readonly string[] } {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  const recorded = JSON.parse(text) as Recorded;
  return { ...recorded, texts: recorded.lines.map((line) => JSON.stringify(line)) };
}

const first = readRecorded('version-1.json');
/** With the facts that reloads add. */
const reloads = readRecorded('version-1-reloads.json');

describe('a journal of version 1', () => {
  it.each([
    ['as it was first written', first],
    ['with reloads', reloads],
  ])('is read as it was meant, numbers and all (%s)', (_what, recorded) => {
    const disk = createFakeDisk();
    disk.open().replace('blue', recorded.texts);
    disk.write(1);
    const now = (): number => recorded.startedAtMs;
    const store = createRoomStore(disk.open(), { now, logger: { info() {}, warn() {} } });
    expect(JSON.parse(writeState(store.get(roomNameOf('blue'))))).toEqual(recorded.state);
  });

  it('has every kind of fact in what is recorded', () => {
    const kinds = new Set(
      [...first.texts.slice(1), ...reloads.texts.slice(1)].flatMap((line) => {
        const fact = readFact(line);
        return fact.ok ? [fact.value.kind] : [];
      }),
    );
    // The first join makes the state with which the lines begin; starts are added by whoever starts.
    expect([...kinds].sort()).toEqual([
      'chat-taken',
      'notices-received',
      'participant-forgotten',
      'participant-joined',
      'participant-left',
      'participant-parted',
      'participant-reconnecting',
      'participant-rejoined',
      'participant-removed',
      'participant-updated',
      'peer-message-passed',
      'request-answered',
      'room-locked',
      'seat-claimed',
    ]);
  });

  it('remembers who may come again, and by which token', () => {
    expect(reloads.state).toMatchObject({
      members: [
        { participant: { id: 'ana' } },
        { participant: { id: 'bo' }, seat: { tokenHash: 'hash-bo-2' } },
      ],
      parted: [{ participant: { id: 'dee' }, lastChat: { text: 'dee 1' }, tokenHash: 'hash-dee' }],
      gone: ['hash-bo', 'hash-cleo'],
    });
  });
});
