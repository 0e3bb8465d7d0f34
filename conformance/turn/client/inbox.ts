const DEADLINE_MS = 5000;

/** What has arrived and was not yet asked for. */
export interface Inbox<T> {
  readonly push: (item: T) => void;
  /** Takes the oldest item that matches, waiting for it if need be. Rejects after five seconds, naming `what`. */
  take<S extends T>(what: string, matches: (item: T) => item is S): Promise<S>;
  take(what: string, matches?: (item: T) => boolean): Promise<T>;
  /** Everything that nobody took. */
  readonly rest: readonly T[];
}

interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

export function createInbox<T>(): Inbox<T> {
  const rest: T[] = [];
  const waiters = new Set<Waiter<T>>();
  const take = (what: string, matches: (item: T) => boolean = () => true): Promise<T> => {
    const index = rest.findIndex(matches);
    const [found] = index === -1 ? [] : rest.splice(index, 1);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(new Error(`expected ${what}, got silence`));
      }, DEADLINE_MS);
      const waiter: Waiter<T> = {
        matches,
        resolve: (item) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(item);
        },
      };
      waiters.add(waiter);
    });
  };
  return {
    rest,
    take,
    push: (item) => {
      for (const waiter of waiters) {
        if (waiter.matches(item)) {
          waiter.resolve(item);
          return;
        }
      }
      rest.push(item);
    },
  };
}
