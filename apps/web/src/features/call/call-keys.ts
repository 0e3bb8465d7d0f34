/** What a key alone does in a call. */
export type CallAction = 'microphone' | 'camera' | 'share' | 'chat' | 'view' | 'fullScreen' | 'help';

export const callKeys: readonly { readonly key: string; readonly action: CallAction }[] = [
  { key: 'm', action: 'microphone' },
  { key: 'v', action: 'camera' },
  { key: 's', action: 'share' },
  { key: 'c', action: 'chat' },
  { key: 'g', action: 'view' },
  { key: 'f', action: 'fullScreen' },
  { key: '?', action: 'help' },
];

/** What of a key press decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
}

/**
 * What a key press means. Keys alone can be switched off (WCAG 2.1.4); "?" stays, for it is where they are switched on.
 *
 * @param isTaken whether what has the focus wants its keys for itself: a field, a menu, a sheet.
 */
export function readCallKey(press: KeyPress, areOn: boolean, isTaken: boolean): CallAction | null {
  if (isTaken || press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing)
    return null;
  const action = callKeys.find(({ key }) => key === press.key.toLowerCase())?.action ?? null;
  return areOn || action === 'help' ? action : null;
}
