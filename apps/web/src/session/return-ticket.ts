/** What a page that is reloaded in mid-call leaves to the one after it. */
export interface ReturnTicket {
  readonly room: string;
  /** Whether these were on. */
  readonly microphone: boolean;
  readonly camera: boolean;
  /** How many lines of chat had been read. */
  readonly readCount: number;
  /** When the person came in; null where it is not known. */
  readonly sinceMs: number | null;
  /** See `JoinOptions.ticket`. */
  readonly seat: string | null;
  readonly savedAtMs: number;
}

/** The part of `sessionStorage` that is used, which may throw where storage is forbidden. */
export type TicketStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const storageKey = 'callbox.return';
/** A reload takes seconds; a tab that is opened again tomorrow does not walk into a call. */
const validMs = 60_000;
/** A start before this is a clock that was wrong rather than a long call. */
const longestCallMs = 31 * 24 * 3_600_000;

/** Written when the page goes away, not before: a tab that is duplicated in mid-call copies nothing. */
export function keepTicket(storage: TicketStorage, ticket: ReturnTicket): void {
  try {
    storage.setItem(storageKey, JSON.stringify(ticket));
  } catch {
    // Storage is full or forbidden: the person comes in by the door.
  }
}

/** A page that the browser brings back as it was has no use for one, and neither has a later reload of it. */
export function dropTicket(storage: TicketStorage): void {
  read(storage);
}

/** Takes the ticket out, whether or not it is good for this page: that is for a reloaded page, soon, in the same room. */
export function takeTicket(
  storage: TicketStorage,
  page: { readonly isReload: boolean; readonly room: string | null; readonly nowMs: number },
): ReturnTicket | null {
  const ticket = parseTicket(read(storage));
  if (ticket === null || !page.isReload || ticket.room !== page.room) return null;
  const ageMs = page.nowMs - ticket.savedAtMs;
  return ageMs >= 0 && ageMs <= validMs ? ticket : null;
}

function read(storage: TicketStorage): string | null {
  try {
    const text = storage.getItem(storageKey);
    storage.removeItem(storageKey);
    return text;
  } catch {
    return null;
  }
}

function parseTicket(text: string | null): ReturnTicket | null {
  try {
    const { room, microphone, camera, readCount, sinceMs, seat, savedAtMs } = JSON.parse(
      text ?? '',
    ) as Record<string, unknown>;
    if (typeof room !== 'string' || typeof savedAtMs !== 'number') return null;
    return {
      room,
      microphone: microphone === true,
      camera: camera === true,
      readCount: typeof readCount === 'number' ? readCount : 0,
      sinceMs: isStart(sinceMs, savedAtMs) ? sinceMs : null,
      seat: typeof seat === 'string' ? seat : null,
      savedAtMs,
    };
  } catch {
    return null;
  }
}

function isStart(sinceMs: unknown, savedAtMs: number): sinceMs is number {
  return typeof sinceMs === 'number' && sinceMs <= savedAtMs && savedAtMs - sinceMs <= longestCallMs;
}
