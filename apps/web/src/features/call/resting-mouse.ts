/** How long a mouse rests before what it could press steps aside, in milliseconds. */
export const restMs = 4_000;

/** What decides whether the controls may step aside. */
export interface Rest {
  /** Only then do they: elsewhere nobody would know where they are. */
  readonly isFullScreen: boolean;
  /** What the person touched last. */
  readonly lastInput: 'mouse' | 'finger' | 'keyboard' | null;
  /** Since then, in milliseconds. */
  readonly idleMs: number;
  /** Something is open, or the keyboard is among the controls. */
  readonly isBusy: boolean;
}

/** Whether the controls step aside: in full screen, for a mouse at rest alone, never for a keyboard or a finger. */
export function mayStepAside({ isFullScreen, lastInput, idleMs, isBusy }: Rest): boolean {
  return isFullScreen && lastInput === 'mouse' && idleMs >= restMs && !isBusy;
}
