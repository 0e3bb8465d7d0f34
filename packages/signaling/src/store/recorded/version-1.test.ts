import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
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
// otherwise than the one before: give the journal a new version, and leave this one as it is.
const recorded = JSON.parse(
  readFileSync(new URL('version-1.json', import.meta.url), 'utf8'),
) as unknown as Recorded;
const lines = recorded.lines.map((line) => JSON.stringify(line));

it('reads a journal of version 1 as it was meant, numbers and all', () => {
  const disk = createFakeDisk();
  disk.open().replace('blue', lines);
  disk.write(1);
  const now = (): number => recorded.startedAtMs;
  const store = createRoomStore(disk.open(), { now, logger: { info() {}, warn() {} } });
  expect(JSON.parse(writeState(store.get(roomNameOf('blue'))))).toEqual(recorded.state);
});

it('has every kind of fact in the recorded journal', () => {
  const kinds = new Set(
    lines.slice(1).flatMap((line) => {
      const fact = readFact(line);
      return fact.ok ? [fact.value.kind] : [];
    }),
  );
  // The first join makes the state with which the lines begin; starts are added by whoever starts.
  expect([...kinds].sort()).toEqual([
    'chat-taken',
    'notices-received',
    'participant-joined',
    'participant-left',
    'participant-reconnecting',
    'participant-removed',
    'participant-updated',
    'peer-message-passed',
    'request-answered',
    'room-locked',
    'seat-claimed',
  ]);
});
