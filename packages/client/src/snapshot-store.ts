import { createEmitter } from './emitter.ts';

/** Holds one immutable value and tells of each new one. */
export interface SnapshotStore<T> {
  readonly snapshot: T;
  /** Puts the changed value in place and tells the listeners; the same object again is no change. */
  update(change: (snapshot: T) => T): void;
  readonly subscribe: (listener: (snapshot: T) => void) => () => void;
}

export function createSnapshotStore<T>(initial: T): SnapshotStore<T> {
  const emitter = createEmitter<{ changed: T }>();
  let snapshot = initial;
  return {
    get snapshot() {
      return snapshot;
    },
    update(change) {
      const next = change(snapshot);
      if (next === snapshot) return;
      snapshot = next;
      emitter.emit('changed', next);
    },
    subscribe: (listener) => emitter.on('changed', listener),
  };
}
