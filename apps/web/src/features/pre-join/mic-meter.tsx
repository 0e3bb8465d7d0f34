import { useEffect, useRef, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import './mic-meter.css';

const bars = 14;
const heardLevel = 0.42;

/** The loudness of the microphone, and the sentence that says it works once it has been heard. */
export function MicMeter() {
  const { localMedia, media, stay } = useSession();
  const { t } = useWords();
  const [heard, setHeard] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const on = media.value.microphone.kind === 'on';
  const joining = stay.state.value.kind === 'joining';

  useEffect(() => {
    // The door is about to close; what it would still draw, those who are to meet would wait for.
    if (!on || joining) return undefined;
    let frame = 0;
    let shown = 0;
    function paint(): void {
      const level = localMedia.level();
      // Rises at once, falls slowly: what the eye expects of a meter.
      shown = Math.max(level, shown * 0.92);
      ref.current?.style.setProperty('--level', shown.toFixed(3));
      if (level > heardLevel) setHeard(true);
      frame = requestAnimationFrame(paint);
    }
    frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [localMedia, on, joining]);

  if (!on) return <p class="mic-meter__words">{t('preJoin.mic.off')}</p>;
  return (
    <div class="mic-meter">
      <div ref={ref} class="mic-meter__bars" aria-hidden="true">
        {Array.from({ length: bars }, (_, index) => (
          <span key={index} style={{ '--at': (index / bars).toFixed(3) }} />
        ))}
      </div>
      <p class="mic-meter__words">{t(heard ? 'preJoin.mic.heard' : 'preJoin.mic.speak')}</p>
    </div>
  );
}
