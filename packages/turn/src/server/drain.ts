/** How waiting ended: nothing is left, or the time was over. */
export type DrainResult = 'empty' | 'timed-out';

/** The longest that a timer of Node waits: twenty-four days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits for the last allocation to end, or for the end of patience. */
export class Drain {
  readonly #waiting = new Set<() => void>();

  /** Without a time, for as long as it takes. */
  wait(isEmpty: boolean, timeoutMs: number | undefined): Promise<DrainResult> {
    if (isEmpty) return Promise.resolve('empty');
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (result: DrainResult): void => {
        clearTimeout(timer);
        this.#waiting.delete(onEmpty);
        resolve(result);
      };
      const onEmpty = (): void => {
        end('empty');
      };
      this.#waiting.add(onEmpty);
      if (timeoutMs === undefined) return;
      timer = setTimeout(end, Math.min(timeoutMs, MAX_TIMER_MS), 'timed-out');
      // Whatever is drained has sockets that keep the process alive.
      timer.unref();
    });
  }

  noteEmpty(): void {
    for (const onEmpty of this.#waiting) onEmpty();
  }
}
