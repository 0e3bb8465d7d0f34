import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { useCallWords } from './call-words.tsx';

const everyMs = 200;
/** A voice, on the meter's scale from 0 to 1; so many looks in a row, for a cough is none. */
const voice = 0.45;
const looks = 4;
const shownMs = 8_000;

/** Notices that a person speaks whose microphone is muted. @returns whether to say so now. */
export function useMutedHint(): boolean {
  const { announcer, localMedia, media } = useSession();
  const c = useCallWords();
  const [isShown, setShown] = useState(false);
  const isMuted = media.value.microphone.kind === 'muted';

  useEffect(() => {
    if (!isMuted) return undefined;
    let loud = 0;
    let over: ReturnType<typeof setTimeout> | undefined;
    const timer = setInterval(() => {
      loud = localMedia.levelWhileMuted() > voice ? loud + 1 : 0;
      if (loud < looks || over !== undefined) return;
      setShown(true);
      announcer.say(c('muted.hint'));
      over = setTimeout(() => {
        over = undefined;
        setShown(false);
      }, shownMs);
    }, everyMs);
    return () => {
      clearInterval(timer);
      clearTimeout(over);
      setShown(false);
    };
  }, [isMuted, localMedia]);

  return isShown;
}
