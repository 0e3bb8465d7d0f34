import { createHmac } from 'node:crypto';

/** Enough that nobody finds a second name with the same tag; sixteen characters as text. */
const TAG_BYTES = 12;

/** What a guest's account, the part of the user name behind the expiry, tells the relay. */
export interface GuestAccount {
  /** Stands for the room; the same for everybody in it. */
  readonly roomTag: string;
  readonly participantId: string;
}

/**
 * Stands for a room on the wire and in reports. Whoever knows a room's name may come in, and names are short enough to be
 * guessed by trying, so the tag is keyed: without the secret it tells nothing.
 */
export function tagOfRoom(secret: string, room: string): string {
  return createHmac('sha256', secret)
    .update(`callbox room tag\n${room}`)
    .digest()
    .subarray(0, TAG_BYTES)
    .toString('base64url');
}

/** The account of a participant: `roomTag.participantId`. Quotas go by it. */
export function guestAccount({ roomTag, participantId }: GuestAccount): string {
  return `${roomTag}.${participantId}`;
}

/** Reads an account that `guestAccount` made; undefined for one that names no room. */
export function parseGuestAccount(account: string): GuestAccount | undefined {
  const [roomTag = '', participantId = '', ...rest] = account.split('.');
  if (roomTag === '' || participantId === '' || rest.length > 0) return undefined;
  return { roomTag, participantId };
}

/** Whether an account has the very form that `guestAccount` gives, so that another service's name hardly has it too. */
export function isGuestAccount(account: string): boolean {
  return /^[\w-]{16}\.[^.]+$/.test(account);
}
