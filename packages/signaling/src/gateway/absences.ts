import type { ParticipantId, RoomName } from '@callbox/contract';
import { judgeAbsence, type Patience } from '../rooms/judge-absence.ts';

export interface Absence {
  readonly room: RoomName;
  readonly id: ParticipantId;
  readonly sinceMs: number;
  /** The others know. */
  readonly isTold: boolean;
  /** The page went away, and whether another follows is waited for by nobody but the server. */
  readonly isParted: boolean;
}

/** Who has a seat and no connection, or has had one until a moment ago. */
export interface Absences {
  begin(absence: Absence): void;
  end(id: ParticipantId): void;
  /** Calls for each absence of which something is due. Each is called for once, for the same thing. */
  look(nowMs: number, handle: (absence: Absence, due: 'tell' | 'give-up') => void): void;
}

/** @param returnMs for how long one whose page went away may come again by another. */
export function createAbsences(patience: Patience, returnMs: number): Absences {
  const forParted: Patience = { tellAfterMs: Infinity, graceMs: returnMs };
  const absences = new Map<ParticipantId, Absence>();
  return {
    begin: (absence) => void absences.set(absence.id, absence),
    end: (id) => void absences.delete(id),
    look(nowMs, handle) {
      for (const absence of absences.values()) {
        const due = judgeAbsence(absence, nowMs, absence.isParted ? forParted : patience);
        if (due === 'wait') continue;
        if (due === 'give-up') absences.delete(absence.id);
        else absences.set(absence.id, { ...absence, isTold: true });
        handle(absence, due);
      }
    },
  };
}
