/**
 * Where the engine says what it does, for developers. `debug`: one line per step of a connection. `warn`: something
 * failed and was worked around. Never a credential, never an address.
 */
export type ClientLog = (
  level: 'debug' | 'warn',
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void;
