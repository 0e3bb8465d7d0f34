import type { CallboxClient, JoinOptions, Refusal, Room, RoomSnapshot } from '@callbox/client';
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { isSettlingIn, settleInMs } from './settle-in.ts';

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
  /**
   * `after` is the stay that ended just before, for one who comes back. `sinceMs` is when the stay began that this one goes on
   * with; null where it begins itself.
   */
  | {
      readonly kind: 'joining';
      readonly room: Room;
      readonly after: EndedStay | null;
      readonly sinceMs: number | null;
    }
  | { readonly kind: 'inside'; readonly room: Room; readonly sinceMs: number }
  | EndedStay;

/** What becomes of a stay when the room's state changes. Pure: the same state again means that nothing changed. */
export function advanceStay(state: StayState, room: Room, snapshot: RoomSnapshot, nowMs: number): StayState {
  if ((state.kind !== 'joining' && state.kind !== 'inside') || state.room !== room) return state;
  switch (snapshot.state.kind) {
    case 'joining':
      return state;
    case 'reconnecting':
      // Whoever lost the server before the call was drawn is in it all the same.
      if (snapshot.self.joinedAtMs === null) return state;
      return state.kind === 'inside' ? state : { kind: 'inside', room, sinceMs: state.sinceMs ?? nowMs };
    case 'joined':
      return state.kind === 'inside' ? state : { kind: 'inside', room, sinceMs: state.sinceMs ?? nowMs };
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
  /** The room as the client knows it: what must not wait for the drawing follows this one. */
  readonly known: ReadonlySignal<RoomSnapshot | null>;
  /** The room as it is shown, or as it was when the stay ended; null before the first. Behind `known` while somebody settles in. */
  readonly room: ReadonlySignal<RoomSnapshot | null>;
  /** Whether `room` waits for the first picture of somebody who settles in. */
  readonly settling: ReadonlySignal<boolean>;
  /** @param sinceMs when the stay began that this one goes on with, if it does. */
  join(options: JoinOptions, sinceMs?: number | null): void;
  leave(): void;
  /** Leaves with the page. @returns the ticket for a page that follows, if there is a stay to come back to. */
  part(): string | null;
  /** Back to the door, from the page after a call. */
  reset(): void;
}

/** @param hasPicture whether the camera of a participant can be shown; a signal is read in it. */
export function createStay(
  client: CallboxClient,
  now: () => number,
  hasPicture: (participantId: string) => boolean,
): Stay {
  const state = signal<StayState>({ kind: 'outside', refusal: null });
  const known = signal<RoomSnapshot | null>(null);
  const shown = signal<RoomSnapshot | null>(null);
  const settling = signal(false);
  const outOfPatience = signal(false);
  let stop = () => {};

  function show(room: Room, next: RoomSnapshot): void {
    shown.value = next;
    state.value = advanceStay(state.value, room, next, now());
  }

  /** Shows what is known, but for the moment in which somebody settles in. @returns the way to stop. */
  function follow(room: Room): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stopListening = room.subscribe((next) => {
      known.value = next;
    });
    known.value = room.snapshot;
    outOfPatience.value = false;
    const stopShowing = effect(() => {
      const next = known.value;
      if (next === null) return;
      const waits = isSettlingIn(next, hasPicture);
      const isPatient = waits && !outOfPatience.value;
      settling.value = isPatient;
      if (isPatient) {
        timer ??= setTimeout(() => {
          outOfPatience.value = true;
        }, settleInMs);
        return;
      }
      if (!waits) {
        clearTimeout(timer);
        timer = undefined;
        outOfPatience.value = false;
      }
      untracked(() => show(room, next));
    });
    return () => {
      clearTimeout(timer);
      stopListening();
      stopShowing();
      settling.value = false;
    };
  }

  function leave(): void {
    if (state.value.kind === 'joining' || state.value.kind === 'inside') state.value.room.leave();
  }

  return {
    state,
    known,
    room: shown,
    settling,
    join(options, sinceMs = null) {
      const before = state.value;
      leave();
      stop();
      const room = client.joinRoom(options);
      state.value = { kind: 'joining', room, after: before.kind === 'ended' ? before : null, sinceMs };
      stop = follow(room);
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
