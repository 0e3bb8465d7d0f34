import type { ParticipantId, RoomName } from '@callbox/contract';
import { decidePart } from '../rooms/decide-seat.ts';
import { decideLeave, type Decision } from '../rooms/decide.ts';
import type { Patience } from '../rooms/judge-absence.ts';
import type { LeaveReason, RoomFact } from '../rooms/room-fact.ts';
import type { NumberedNotice } from '../rooms/room-state.ts';
import type { RoomStore } from '../store/room-store.ts';
import { createAbsences } from './absences.ts';
import type { Place } from './numbered-requests.ts';
import type { Visitor } from './session.ts';
import type { Presence } from './signaling-server-options.ts';

/** A visitor, and the place it has taken, if any. */
export interface Guest {
  readonly visitor: Visitor;
  place: Place | null;
  /** To be told right after the answer to the present request. */
  missed: readonly NumberedNotice[];
}

export interface StaysOptions {
  readonly store: RoomStore;
  readonly patience: Patience;
  /** For how long one whose page went away may come again by another, in milliseconds. */
  readonly returnMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly record: (room: RoomName, fact: RoomFact) => void;
  readonly onPresence: (presence: Presence) => void;
  /** The participant is in no room any more. */
  readonly onGone: (id: ParticipantId) => void;
}

/** Who is in a room by which connection, and how long those without one are waited for. */
export interface Stays {
  /** Those who are in a room and connected. */
  readonly guests: ReadonlyMap<ParticipantId, Guest>;
  /** Gives a place to a guest, and ends the connection that had it. */
  begin(guest: Guest, room: RoomName, id: ParticipantId): void;
  leave(room: RoomName, id: ParticipantId, reason: LeaveReason): void;
  /** Takes one out whose page has gone. Whether it was a reload will be seen. */
  part(room: RoomName, id: ParticipantId): void;
  /** Waits no longer for one who has parted. */
  forget(room: RoomName, id: ParticipantId): void;
  /** The guest's connection is over; for so long nothing had come from it. Without a seat that is a leave. */
  lose(guest: Guest, reason: LeaveReason, quietMs: number): void;
  /** Does what is due by time alone. */
  look(): void;
}

export function createStays(options: StaysOptions): Stays {
  const { store, now, record } = options;
  const guests = new Map<ParticipantId, Guest>();
  const absences = createAbsences(options.patience, options.returnMs);

  // After a restart everybody is away, and the clock begins anew.
  for (const room of store.names()) {
    const { members, parted } = store.get(room);
    for (const [id, { isReconnecting }] of members) beginAbsence(room, id, now(), isReconnecting);
    for (const id of parted.keys()) awaitReturn(room, id);
  }

  function beginAbsence(room: RoomName, id: ParticipantId, sinceMs: number, isTold: boolean): void {
    absences.begin({ room, id, sinceMs, isTold, isParted: false });
  }

  function awaitReturn(room: RoomName, id: ParticipantId): void {
    absences.begin({ room, id, sinceMs: now(), isTold: true, isParted: true });
  }

  function report(kind: Presence['kind'], room: RoomName, id: ParticipantId, visitor?: Visitor): void {
    options.onPresence({ kind, room, participantId: id, remoteAddress: visitor?.remoteAddress ?? '' });
  }

  function takeOut(room: RoomName, id: ParticipantId, decision: Decision<null>): void {
    const guest = guests.get(id);
    if (guest !== undefined) guest.place = null;
    guests.delete(id);
    absences.end(id);
    options.onGone(id);
    if (decision.ok && decision.fact !== null) record(room, decision.fact);
    report('left', room, id, guest?.visitor);
  }

  function leave(room: RoomName, id: ParticipantId, reason: LeaveReason): void {
    takeOut(room, id, decideLeave(store.get(room), id, reason));
  }

  function forget(room: RoomName, id: ParticipantId): void {
    absences.end(id);
    // Of many who parted, the room remembers the last ones only.
    if (store.get(room).parted.has(id)) record(room, { kind: 'participant-forgotten', id });
  }

  return {
    guests,
    begin(guest, room, id) {
      const former = guests.get(id);
      if (former !== undefined) {
        former.place = null;
        report('away', room, id, former.visitor);
        store.afterWritten(() => {
          former.visitor.notify({ name: 'seat-taken', body: {} });
          former.visitor.close?.();
        });
      }
      absences.end(id);
      guest.place = { room, id };
      guests.set(id, guest);
      report('entered', room, id, guest.visitor);
    },
    leave,
    part(room, id) {
      takeOut(room, id, decidePart(store.get(room), id));
      if (store.get(room).parted.has(id)) awaitReturn(room, id);
    },
    forget,
    lose(guest, reason, quietMs) {
      const { place, visitor } = guest;
      if (place === null) return;
      const { room, id } = place;
      if ((store.get(room).members.get(id)?.seat ?? null) === null) return leave(room, id, reason);
      guest.place = null;
      guests.delete(id);
      beginAbsence(room, id, now() - quietMs, false);
      report('away', room, id, visitor);
    },
    look() {
      absences.look(now(), ({ room, id, isParted }, due) => {
        if (isParted) forget(room, id);
        else if (due === 'give-up') leave(room, id, 'disconnected');
        else record(room, { kind: 'participant-reconnecting', id });
      });
    },
  };
}
