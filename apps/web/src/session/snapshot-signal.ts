import { signal, type ReadonlySignal } from '@preact/signals';

interface SnapshotSource<T> {
  readonly snapshot: T;
  subscribe(listener: (snapshot: T) => void): () => void;
}

/** A signal that follows a source of snapshots, and the way to stop. */
export function followSnapshots<T>(source: SnapshotSource<T>): {
  readonly current: ReadonlySignal<T>;
  readonly stop: () => void;
} {
  const current = signal(source.snapshot);
  const stop = source.subscribe((snapshot) => {
    current.value = snapshot;
  });
  return { current, stop };
}
