import { parseWith, participantIdSchema, type ParticipantId } from '@callbox/contract';

/** By what a page comes again as the participant that the page before it was. */
export interface Ticket {
  /** Of the seat. */
  readonly token: string;
  /** Who this person has been in this room, the last one last. */
  readonly ids: readonly ParticipantId[];
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/;
/** Of stays before the last few nothing is left to be seen. */
const mostIds = 8;

export function writeTicket({ token, ids }: Ticket): string {
  return [token, ...ids.slice(-mostIds)].join('.');
}

/** @returns null for what is no ticket: it has been where others write, too. */
export function readTicket(text: string | undefined): Ticket | null {
  const [token = '', ...rest] = (text ?? '').split('.');
  if (!tokenForm.test(token)) return null;
  const ids = rest.slice(-mostIds).flatMap((id) => {
    const parsed = parseWith(participantIdSchema, id);
    return parsed.ok ? [parsed.value] : [];
  });
  return { token, ids };
}
