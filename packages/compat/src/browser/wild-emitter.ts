/** What each event hands to its listeners. */
type EventMap<TEvents> = { [TName in keyof TEvents]: readonly unknown[] };

interface Entry {
  readonly pattern: string;
  readonly group: string | undefined;
  readonly listener: (...values: never[]) => unknown;
  readonly once: boolean;
}

type Listening = [listener: Entry['listener']] | [group: string, listener: Entry['listener']];

/**
 * Listeners by event name, as old pages know them: in groups that are let go together, and by patterns such as `*` or
 * `local*`, whose listeners are handed the event's name first.
 */
export class WildEmitter<TEvents extends EventMap<TEvents>> {
  #entries: readonly Entry[] = [];

  on<TName extends keyof TEvents & string>(
    name: TName,
    listener: (...values: TEvents[TName]) => unknown,
  ): this;
  on(name: string, listener: (...values: never[]) => unknown): this;
  on(name: string, group: string, listener: (...values: never[]) => unknown): this;
  on(name: string, ...listening: Listening): this {
    return this.#add(name, listening, false);
  }

  once<TName extends keyof TEvents & string>(
    name: TName,
    listener: (...values: TEvents[TName]) => unknown,
  ): this;
  once(name: string, listener: (...values: never[]) => unknown): this;
  once(name: string, group: string, listener: (...values: never[]) => unknown): this;
  once(name: string, ...listening: Listening): this {
    return this.#add(name, listening, true);
  }

  /** Without a listener: all of that name. */
  off(name: string, listener?: (...values: never[]) => unknown): this {
    this.#entries = this.#entries.filter(
      (entry) => entry.pattern !== name || (listener !== undefined && entry.listener !== listener),
    );
    return this;
  }

  releaseGroup(group: string): this {
    this.#entries = this.#entries.filter((entry) => entry.group !== group);
    return this;
  }

  /** Named listeners first, then those of patterns. One that throws disturbs neither the others nor the caller. */
  emit<TName extends keyof TEvents & string>(name: TName, ...values: TEvents[TName]): this;
  emit(name: string, ...values: readonly unknown[]): this;
  emit(name: string, ...values: readonly unknown[]): this {
    const named = this.#entries.filter(({ pattern }) => pattern === name);
    const wild = this.#entries.filter(
      ({ pattern }) => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)),
    );
    for (const entry of named) this.#tell(entry, values);
    for (const entry of wild) this.#tell(entry, [name, ...values]);
    return this;
  }

  #add(pattern: string, listening: Listening, once: boolean): this {
    const [group, listener] = listening.length === 2 ? listening : [undefined, listening[0]];
    this.#entries = [...this.#entries, { pattern, group, listener, once }];
    return this;
  }

  #tell(entry: Entry, values: readonly unknown[]): void {
    if (entry.once) this.#entries = this.#entries.filter((other) => other !== entry);
    try {
      Reflect.apply(entry.listener, this, values);
    } catch (error) {
      reportError(error);
    }
  }
}
