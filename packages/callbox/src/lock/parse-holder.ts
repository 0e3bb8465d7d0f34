/** What one that has the lock tells of itself. */
export interface Holder {
  /** The same for all processes of one running kernel, in whatever container. */
  readonly machine: string;
  readonly pid: number;
  /** Of the socket in the directory that answers for as long as it lives; null where it has none. */
  readonly socket: string | null;
}

/** Reads what a holder wrote; undefined for what a loss of power may have left of it. */
export function parseHolder(text: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { machine, pid, socket } = value as Readonly<Record<string, unknown>>;
  if (typeof machine !== 'string' || typeof pid !== 'number') return undefined;
  // A name of ours, so that it leads nowhere else.
  const isName = typeof socket === 'string' && /^lock-[0-9a-f]+\.sock$/.test(socket);
  return isName || socket === null ? { machine, pid, socket } : undefined;
}
