import type { RoomJournal } from '../../store/room-journal.ts';
import type { Random } from './random.ts';

type Operation =
  | { readonly kind: 'append'; readonly room: string; readonly line: string }
  | { readonly kind: 'replace'; readonly room: string; readonly lines: readonly string[] }
  | { readonly kind: 'remove'; readonly room: string }
  | { readonly kind: 'action'; readonly action: () => void };

/** A disk with the promises of the real journal, and no more: see `RoomJournal` and `docs/resume.md`. */
export interface FakeDisk {
  /** What a process that starts now finds and writes to. The one before writes no more. */
  open(): RoomJournal;
  /** Writes some of what was handed over, and calls back those who waited for it. */
  write(most: number): void;
  /** Brings what is written to where it survives a loss of power. */
  sync(): void;
  /** The process dies: of what it had handed over, more may have been written than it was told. */
  kill(random: Random): void;
  /** The machine dies: of what was not synced, the end is lost. */
  cutPower(random: Random): void;
}

export function createFakeDisk(): FakeDisk {
  /** Everything written, in order; the first so many are synced. */
  let written: Operation[] = [];
  let synced = 0;
  let pending: Operation[] = [];

  function roomsNow(): Map<string, string[]> {
    const rooms = new Map<string, string[]>();
    for (const operation of written) {
      if (operation.kind === 'append') rooms.get(operation.room)?.push(operation.line);
      else if (operation.kind === 'replace') rooms.set(operation.room, [...operation.lines]);
      else if (operation.kind === 'remove') rooms.delete(operation.room);
    }
    return rooms;
  }

  function take(count: number, isAlive: boolean): void {
    for (let left = count; left > 0 && pending.length > 0; left -= 1) {
      const operation = pending.shift();
      if (operation === undefined) return;
      if (operation.kind !== 'action') written.push(operation);
      else if (isAlive) operation.action();
    }
  }

  return {
    open() {
      const own: Operation[] = [];
      pending = own;
      return {
        rooms: roomsNow(),
        append: (room, line) => void own.push({ kind: 'append', room, line }),
        replace: (room, lines) => void own.push({ kind: 'replace', room, lines }),
        remove: (room) => void own.push({ kind: 'remove', room }),
        wantsWhole: () => false,
        afterWritten: (action) => (own.length === 0 ? action() : void own.push({ kind: 'action', action })),
      };
    },
    write: (most) => take(most, true),
    sync() {
      synced = written.length;
    },
    kill(random) {
      take(random.below(pending.length + 1), false);
      pending = [];
    },
    cutPower(random) {
      pending = [];
      written = written.slice(0, synced + random.below(written.length - synced + 1));
      synced = written.length;
    },
  };
}
