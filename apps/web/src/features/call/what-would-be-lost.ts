/** What of a call ends with its page. People are not lost: whoever closes a call by mistake comes back with two clicks. */
export interface AtStake {
  /** The others are looking at this person's screen. */
  readonly isSharing: boolean;
  /** Written, and not sent. */
  readonly draft: string;
  /** Lines that the server does not have yet: it is away. */
  readonly unsent: number;
}

/** Whether a page that goes away takes something along that cannot be had again. Only then may a browser ask. */
export function wouldLose({ isSharing, draft, unsent }: AtStake): boolean {
  return isSharing || draft.trim() !== '' || unsent > 0;
}
