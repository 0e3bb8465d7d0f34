/** Typed listeners by event name. A listener that throws disturbs neither the others nor the one who tells. */
export interface Emitter<TEvents> {
  /** Returns the way to stop listening. */
  readonly on: <TName extends keyof TEvents>(
    name: TName,
    listener: (event: TEvents[TName]) => void,
  ) => () => void;
  readonly emit: <TName extends keyof TEvents>(name: TName, event: TEvents[TName]) => void;
}

export function createEmitter<TEvents>(): Emitter<TEvents> {
  // Lists are replaced, never changed: who comes or goes while an event is told does not disturb the telling.
  const lists: { [TName in keyof TEvents]?: readonly ((event: TEvents[TName]) => void)[] } = {};
  return {
    on(name, listener) {
      // A wrapper for each call: the same function given twice is two listeners, each with its own end.
      const entry: typeof listener = (event) => listener(event);
      lists[name] = [...(lists[name] ?? []), entry];
      return () => {
        lists[name] = lists[name]?.filter((other) => other !== entry) ?? [];
      };
    },
    emit(name, event) {
      for (const listener of lists[name] ?? []) {
        try {
          listener(event);
        } catch (error) {
          // As browsers do with their own events: to `window.onerror`, not into the middle of the engine.
          reportError(error);
        }
      }
    },
  };
}
