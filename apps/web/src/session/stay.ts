import type { CallboxClient, JoinOptions, Refusal, Room, RoomSnapshot } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';

/** Was inside. `refusal` is null when the person left, else why there was no way back in. */
export interface EndedStay {
  readonly kind: 'ended';
  readonly durationMs: number;
  readonly refusal: Refusal | null;
}

/** Where a person stands with the room of this page. */
export type StayState =
  /** At the door; `refusal` says why the last try failed. */
  | { readonly kind: 'outside'; readonly refusal: Refusal | null }
  /** `after` is the stay that ended just before, for one who comes back. */
  | { readonly kind: 'joining'; readonly room: Room; readonly after: EndedStay | null }
  | { readonly kind: 'inside'; readonly room: Room; readonly sinceMs: number }
  | EndedStay;

/** What becomes of a stay when the room's state changes. Pure: the same state again means that nothing changed. */
export function advanceStay(state: StayState, room: Room, snapshot: RoomSnapshot, nowMs: number): StayState {
  if ((state.kind !== 'joining' && state.kind !== 'inside') || state.room !== room) return state;
  switch (snapshot.state.kind) {
    case 'joining':
    case 'reconnecting':
      return state;
    case 'joined':
      return state.kind === 'inside' ? state : { kind: 'inside', room, sinceMs: nowMs };
    case 'refused': {
      const { refusal } = snapshot.state;
      if (state.kind === 'joining') return { kind: 'outside', refusal };
      return { kind: 'ended', durationMs: nowMs - state.sinceMs, refusal };
    }
    case 'left':
      if (state.kind === 'joining') return { kind: 'outside', refusal: null };
      return { kind: 'ended', durationMs: nowMs - state.sinceMs, refusal: null };
  }
}

export interface Stay {
  readonly state: ReadonlySignal<StayState>;
  /** The room as it is now, or as it was when the stay ended; null before the first. */
  readonly room: ReadonlySignal<RoomSnapshot | null>;
  join(options: JoinOptions): void;
  leave(): void;
  /** Leaves with the page. @returns the ticket for a page that follows, if there is a stay to come back to. */
  part(): string | null;
  /** Back to the door, from the page after a call. */
  reset(): void;
}

export function createStay(client: CallboxClient, now: () => number): Stay {
  const state = signal<StayState>({ kind: 'outside', refusal: null });
  const snapshot = signal<RoomSnapshot | null>(null);
  let stop = () => {};

  function apply(room: Room, next: RoomSnapshot): void {
    snapshot.value = next;
    state.value = advanceStay(state.value, room, next, now());
  }

  function leave(): void {
    if (state.value.kind === 'joining' || state.value.kind === 'inside') state.value.room.leave();
  }

  return {
    state,
    room: snapshot,
    join(options) {
      const before = state.value;
      leave();
      stop();
      const room = client.joinRoom(options);
      state.value = { kind: 'joining', room, after: before.kind === 'ended' ? before : null };
      stop = room.subscribe((next) => {
        apply(room, next);
      });
      apply(room, room.snapshot);
    },
    leave,
    part() {
      const now = state.value;
      return now.kind === 'joining' || now.kind === 'inside' ? now.room.part() : null;
    },
    reset() {
      leave();
      state.value = { kind: 'outside', refusal: null };
    },
  };
}
