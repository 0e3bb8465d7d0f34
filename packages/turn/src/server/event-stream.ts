import type { Logger } from './turn-server-options.ts';
import type { TurnEvent, TurnListener } from './turn-session.ts';

/** Tells listeners what happens. A listener that throws harms neither the server nor other listeners. */
export class EventStream {
  readonly #logger: Logger;
  /** Wrapped, so that a function subscribed twice is two listeners. */
  readonly #listeners = new Set<{ readonly listener: TurnListener }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Returns what ends the subscription. */
  subscribe(listener: TurnListener): () => void {
    const subscription = { listener };
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  publish(event: TurnEvent): void {
    for (const { listener } of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error('a listener to relay events failed', { event: event.kind, error });
      }
    }
  }
}
