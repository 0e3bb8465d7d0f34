/** A value with listeners, as the client's objects have. */
export interface FakeSource<T> {
  readonly snapshot: T;
  subscribe(listener: (snapshot: T) => void): () => void;
  set(change: Partial<T>): void;
}

export function createFakeSource<T extends object>(initial: T): FakeSource<T> {
  const listeners = new Set<(snapshot: T) => void>();
  let snapshot = initial;
  return {
    get snapshot() {
      return snapshot;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(change) {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener(snapshot);
    },
  };
}
