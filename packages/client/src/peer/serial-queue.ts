/** Runs jobs one after another, in the order in which they came. */
export interface SerialQueue {
  push(job: () => Promise<void>): void;
  /** Drops the jobs that have not begun, and those to come. */
  close(): void;
}

/** @param onFailed hears of a job that failed; the next ones run all the same. */
export function createSerialQueue(onFailed: (error: unknown) => void): SerialQueue {
  let tail = Promise.resolve();
  let closed = false;

  async function run(job: () => Promise<void>): Promise<void> {
    if (closed) return;
    try {
      await job();
    } catch (error) {
      // What was under way when the connection was closed fails for that reason alone.
      if (!closed) onFailed(error);
    }
  }

  return {
    push(job) {
      tail = tail.then(() => run(job));
    },
    close() {
      closed = true;
    },
  };
}
