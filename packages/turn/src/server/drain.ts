/** How waiting ended: nothing is left, or the time was over. */
export type DrainResult = 'empty' | 'timed-out';

/** Waits for the last allocation to end, or for the end of patience. */
export class Drain {
  readonly #waiting = new Set<() => void>();

  wait(isEmpty: boolean, timeoutMs: number): Promise<DrainResult> {
    if (isEmpty) return Promise.resolve('empty');
    return new Promise((resolve) => {
      const end = (result: DrainResult): void => {
        clearTimeout(timer);
        this.#waiting.delete(onEmpty);
        resolve(result);
      };
      const onEmpty = (): void => {
        end('empty');
      };
      this.#waiting.add(onEmpty);
      const timer = setTimeout(() => {
        end('timed-out');
      }, timeoutMs);
      // Whatever is drained has sockets that keep the process alive.
      timer.unref();
    });
  }

  noteEmpty(): void {
    for (const onEmpty of this.#waiting) onEmpty();
  }
}
