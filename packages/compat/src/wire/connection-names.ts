/**
 * Under which names two sides know the connections between them. Old pages name each by a text that the offering side
 * makes up; ours count those of one purpose.
 */
export interface ConnectionNames {
  /** The number of the connection that an old page offers; a name it has not used for the last one is the next. */
  offeredByOld(purpose: string, name: string): number;
  /** The number of a connection that an old page speaks of, or null if there is none, or none any more. */
  numberOf(purpose: string, name: string): number | null;
  /** The name of a connection that ours offers, and whether it takes the place of another. */
  offeredByOurs(purpose: string, number: number): { readonly name: string; readonly replaces: boolean };
  /** The name of a connection that ours speaks of, or null. */
  nameOf(purpose: string, number: number): string | null;
}

interface Connection {
  readonly number: number;
  readonly name: string;
}

export function createConnectionNames(): ConnectionNames {
  /** The newest of each purpose: what belongs to an older one has no use any more. */
  const newest = new Map<string, Connection>();

  function hold(purpose: string, connection: Connection): Connection {
    newest.set(purpose, connection);
    return connection;
  }

  return {
    offeredByOld(purpose, name) {
      const last = newest.get(purpose);
      if (last?.name === name) return last.number;
      return hold(purpose, { name, number: last === undefined ? 0 : last.number + 1 }).number;
    },
    numberOf(purpose, name) {
      const last = newest.get(purpose);
      return last?.name === name ? last.number : null;
    },
    offeredByOurs(purpose, number) {
      const last = newest.get(purpose);
      if (last?.number === number) return { name: last.name, replaces: false };
      const { name } = hold(purpose, { number, name: `c${number}` });
      return { name, replaces: last !== undefined };
    },
    nameOf(purpose, number) {
      const last = newest.get(purpose);
      return last?.number === number ? last.name : null;
    },
  };
}
