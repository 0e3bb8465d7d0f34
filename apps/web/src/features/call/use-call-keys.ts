import { useEffect } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { toggleAloud } from '../../session/toggle-aloud.ts';
import { callKeys, readCallKey, type CallAction } from './call-keys.ts';
import { toggleFullScreen } from './full-screen.ts';

/** What keeps its keys to itself: where one types, chooses, or has a sheet before everything else. */
const takers = 'input, textarea, select, [contenteditable], [role="menu"], dialog';

function keepsItsKeys(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], :popover-open[role="menu"]') !== null) return true;
  if (!(target instanceof Element)) return true;
  // A sheet that is still to be seen going away has the focus where nothing else had it before.
  return target.closest(takers) !== null && target.closest('dialog:not([open])') === null;
}

/** Keys alone, anywhere in the call. */
export function useCallKeys(onHelp: () => void): void {
  const session = useSession();
  useEffect(() => {
    const actions: Readonly<Record<CallAction, () => void>> = {
      microphone: () => void toggleAloud(session, 'microphone'),
      camera: () => void toggleAloud(session, 'camera'),
      share() {
        const { localMedia } = session;
        if (localMedia.snapshot.screen.kind === 'on') localMedia.stopScreen();
        else if (localMedia.canShareScreen) void localMedia.shareScreen();
      },
      chat: () => session.showChat(!session.chatOpen.peek()),
      view() {
        const { stageView } = session.preferences.current.peek();
        session.preferences.update({ stageView: stageView === 'grid' ? 'speaker' : 'grid' });
      },
      fullScreen: () => void toggleFullScreen(),
      help: onHelp,
    };
    function follow(event: KeyboardEvent): void {
      const areOn = session.preferences.current.peek().singleKeys;
      const action = readCallKey(event, areOn, keepsItsKeys(event.target));
      if (action === null) return;
      event.preventDefault();
      actions[action]();
    }
    document.addEventListener('keydown', follow);
    return () => document.removeEventListener('keydown', follow);
  }, [session, onHelp]);
}

/** The key that does this, as it is shown; null while keys alone do nothing. */
export function useShortcut(wanted: CallAction): string | null {
  const { singleKeys } = useSession().preferences.current.value;
  const key = callKeys.find(({ action }) => action === wanted)?.key;
  return singleKeys && key !== undefined ? key.toUpperCase() : null;
}
