import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../../layout/arrange-tiles.ts';
import { useSession, useWords } from '../../session/session.ts';
import { BarButton } from '../../ui/bar-button.tsx';
import { LiveRegions } from '../../ui/live-region.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../devices/device-switches.tsx';
import { useCallWords } from '../call/call-words.tsx';
import type { StageItem } from '../call/stage-items.ts';
import { ShownPicture } from './shown-picture.tsx';
import './small-window.css';

export interface SmallCallProps {
  /** The window it is in. */
  readonly page: Window;
  readonly shown: StageItem;
  readonly speaking: boolean;
  /** Told how large the picture is. */
  readonly onBox: (box: Box) => void;
}

/** The keys of the page that make sense without seeing it: those of the microphone and the camera. */
const sharedKeys = new Set(['m', 'v', 'd', 'e']);

/** Has the page answer those keys as if they were pressed in it. */
function useSharedKeys(page: Window): void {
  useEffect(() => {
    function pass(event: KeyboardEvent): void {
      if (!sharedKeys.has(event.key.toLowerCase())) return;
      if (!document.body.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault();
    }
    page.addEventListener('keydown', pass);
    return () => page.removeEventListener('keydown', pass);
  }, [page]);
}

/** The language, the theme and the name of the page. */
function useSameRoot(page: Window): void {
  const { preferences, stay } = useSession();
  const { locale, t } = useWords();
  const { theme } = preferences.current.value;
  const room = stay.room.value?.room ?? '';
  useLayoutEffect(() => {
    const root = page.document.documentElement;
    root.lang = locale;
    root.dataset['screen'] = 'call';
    if (theme === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    page.document.title = t('app.titleIn', { room });
  }, [page, locale, theme, room, t]);
}

/** The call in little: one picture, and what one does without looking for it. */
export function SmallCall({ page, shown, speaking, onBox }: SmallCallProps) {
  const { stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const ref = useRef<HTMLUListElement>(null);
  const [box, setBox] = useState<Box>({ width: 0, height: 0 });
  useSharedKeys(page);
  useSameRoot(page);

  useLayoutEffect(() => {
    function read(): void {
      if (ref.current === null) return;
      const { clientWidth: width, clientHeight: height } = ref.current;
      setBox({ width, height });
      onBox({ width, height });
    }
    read();
    // An observer would be the page's, and a page that is not seen observes nothing.
    page.addEventListener('resize', read);
    return () => page.removeEventListener('resize', read);
  }, [page, onBox]);

  function goBack(): void {
    window.focus();
    page.close();
  }

  return (
    <main class="small-window on-stage">
      <h1 class="visually-hidden">{stay.room.value?.room}</h1>
      <ul class="small-window__stage" ref={ref} aria-label={t('call.people')}>
        {box.width > 0 && (
          <ShownPicture key={shown.key} page={page} shown={shown} speaking={speaking} box={box} />
        )}
      </ul>
      <div class="small-window__bar" role="group" aria-label={t('call.controls')}>
        <MicrophoneSwitch />
        <CameraSwitch />
        <BarButton icon="maximize" caption={c('smallWindow.back')} onClick={goBack} />
        <div class="small-window__leave">
          <BarButton icon="phoneOff" caption={t('call.leave')} onClick={() => stay.leave()} />
        </div>
      </div>
      <LiveRegions />
    </main>
  );
}
