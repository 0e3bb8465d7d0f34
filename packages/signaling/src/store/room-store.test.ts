import { describe, expect, it } from 'vitest';
import { chatOf, idOf, participantOf, roomNameOf } from '../testing/room-fixtures.ts';
import { applyRoomFact } from '../rooms/apply-room-fact.ts';
import { decideJoin } from '../rooms/decide-seat.ts';
import { decideChat, decideLeave, decideUpdate, type Decision } from '../rooms/decide.ts';
import type { RoomFact } from '../rooms/room-fact.ts';
import { emptyRoom } from '../rooms/room-state.ts';
import { createRoomStore, type RoomStore } from './room-store.ts';

const blue = roomNameOf('blue');
const red = roomNameOf('red');
const joined = (name: string): RoomFact => ({ kind: 'participant-joined', participant: participantOf(name) });
const left = (name: string): RoomFact => ({ kind: 'participant-left', id: idOf(name), reason: 'left' });

const silent = { info() {}, warn() {} };
const createMemoryRoomStore = (): RoomStore => createRoomStore(null, { now: () => 0, logger: silent });

describe('a store without a journal', () => {
  it('shows an empty room where nobody is', () => {
    expect(createMemoryRoomStore().get(blue)).toEqual(emptyRoom);
  });

  it('keeps each room alone', () => {
    const store = createMemoryRoomStore();
    store.record(blue, joined('ana'));
    store.record(red, joined('bo'));
    expect([...store.get(blue).members.keys()]).toEqual(['ana']);
    expect([...store.get(red).members.keys()]).toEqual(['bo']);
    expect(store.counts()).toEqual({ rooms: 2, participants: 2 });
  });

  it('forgets a room, its chat with it, when the last participant leaves', () => {
    const store = createMemoryRoomStore();
    store.record(blue, joined('ana'));
    store.record(blue, joined('bo'));
    store.record(blue, { kind: 'chat-taken', message: chatOf('ana', 1) });
    store.record(blue, left('ana'));
    expect(store.get(blue).chat).toEqual([chatOf('ana', 1)]);
    expect(store.record(blue, left('bo')).members.size).toBe(0);
    expect(store.counts()).toEqual({ rooms: 0, participants: 0 });
    expect(store.get(blue)).toEqual(emptyRoom);
  });

  it('finds nothing under a name that every object has', () => {
    expect(createMemoryRoomStore().get(roomNameOf('constructor'))).toEqual(emptyRoom);
  });
});

describe('a room', () => {
  /** A generator of numbers below `bound`, the same for the same seed (Park and Miller, minimal standard). */
  function randomOf(seed: number): (bound: number) => number {
    let state = seed;
    return (bound) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % bound;
    };
  }

  it.each([1, 2, 3, 4, 5])('is what its facts say, whatever was asked of it (seed %i)', (seed) => {
    const random = randomOf(seed);
    const names = ['ana', 'bo', 'cleo', 'dee', 'eve'];
    const store = createMemoryRoomStore();
    const facts: RoomFact[] = [];
    let refused = 0;
    for (let step = 0; step < 2_000; step += 1) {
      const name = names[random(names.length)] ?? 'ana';
      const room = store.get(blue);
      const wishes: (() => Decision<unknown>)[] = [
        () => decideJoin(room, { participant: participantOf(name), roomId: `life ${step}` }, 4),
        () => decideLeave(room, idOf(name), 'left'),
        () => decideUpdate(room, idOf(name), { displayName: `${name}${random(3)}` }),
        () => decideChat(room, idOf(name), { sequence: 1 + random(step + 1), text: 'x' }, step),
      ];
      const decision = wishes[random(wishes.length)]?.();
      if (decision === undefined) throw new Error('no wish');
      if (!decision.ok) refused += 1;
      else if (decision.fact !== null) {
        facts.push(decision.fact);
        store.record(blue, decision.fact);
      }
      expect(store.get(blue).members.size).toBeLessThanOrEqual(4);
    }
    expect(refused).toBeGreaterThan(100);
    expect(facts.length).toBeGreaterThan(500);
    // What is written down as text is enough to build the room again.
    const written = facts.map((fact) => JSON.stringify(fact));
    const rebuilt = written.reduce((room, line) => {
      const after = applyRoomFact(room, JSON.parse(line) as RoomFact);
      return after.members.size === 0 ? emptyRoom : after;
    }, emptyRoom);
    expect(rebuilt).toEqual(store.get(blue));
  });
});

describe('a store whose journal could not write for a while', () => {
  it('hands over again, as a whole, what the journal asks for, and no more', () => {
    const handed: string[] = [];
    const asked = new Set(['blue']);
    const journal = {
      rooms: new Map(),
      append: (room: string) => void handed.push(`append ${room}`),
      replace: (room: string, lines: readonly string[]) => {
        asked.delete(room);
        handed.push(`replace ${room} ${lines.length}`);
      },
      remove: (room: string) => void handed.push(`remove ${room}`),
      wantsWhole: (room: string) => asked.has(room),
      afterWritten: (action: () => void) => action(),
    };
    const store = createRoomStore(journal, { now: () => 0, logger: silent });
    for (const room of [blue, red]) store.record(room, joined('ana'));
    asked.add('blue');
    handed.length = 0;
    store.repair();
    store.repair();
    store.record(blue, joined('bo'));
    expect(handed).toEqual(['replace blue 1', 'append blue']);
  });
});
