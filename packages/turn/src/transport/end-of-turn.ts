/** Something that is done once at the end of a turn of the event loop, however often it was asked for. */
export interface TurnTask {
  run(): void;
}

/**
 * Collects what the packets of one turn of the event loop leave to be done, and does it when all of them have been read: so
 * what goes to one connection goes in one write.
 */
export class EndOfTurn {
  #tasks: TurnTask[] = [];
  #next: TurnTask[] = [];
  readonly #run = (): void => {
    const tasks = this.#tasks;
    this.#tasks = this.#next;
    for (const task of tasks) task.run();
    tasks.length = 0;
    this.#next = tasks;
  };

  /** Adds a task, which the caller does not add again before it has run. */
  add(task: TurnTask): void {
    if (this.#tasks.length === 0) setImmediate(this.#run);
    this.#tasks.push(task);
  }
}
