import type { ParticipantId, RoomName } from '@callbox/contract';
import { judgeAbsence, type Patience } from '../rooms/judge-absence.ts';

export interface Absence {
  readonly room: RoomName;
  readonly id: ParticipantId;
  readonly sinceMs: number;
  /** The others know. */
  readonly isTold: boolean;
}

/** Who has a seat and no connection. */
export interface Absences {
  begin(absence: Absence): void;
  end(id: ParticipantId): void;
  /** Calls for each absence of which something is due. Each is called for once, for the same thing. */
  look(nowMs: number, handle: (absence: Absence, due: 'tell' | 'give-up') => void): void;
}

export function createAbsences(patience: Patience): Absences {
  const absences = new Map<ParticipantId, Absence>();
  return {
    begin: (absence) => void absences.set(absence.id, absence),
    end: (id) => void absences.delete(id),
    look(nowMs, handle) {
      for (const absence of absences.values()) {
        const due = judgeAbsence(absence, nowMs, patience);
        if (due === 'wait') continue;
        if (due === 'give-up') absences.delete(absence.id);
        else absences.set(absence.id, { ...absence, isTold: true });
        handle(absence, due);
      }
    },
  };
}
