import { useEffect, useRef } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { formatElapsed } from './format-elapsed.ts';
import { LinkSummary } from './link-summary.tsx';
import './call-header.css';
import { useCallWords } from './call-words.tsx';

/** The time in the call. Writes one text node once a second; nothing else is drawn for it. */
function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const c = useCallWords();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let timer = 0;
    function write(): void {
      const elapsedMs = Math.max(0, Date.now() - sinceMs);
      if (ref.current !== null) ref.current.textContent = formatElapsed(elapsedMs);
      timer = window.setTimeout(write, 1000 - (elapsedMs % 1000));
    }
    write();
    return () => window.clearTimeout(timer);
  }, [sinceMs]);
  return (
    <span class="call-header__time numbers" role="timer" aria-label={c('call.elapsed')}>
      <span ref={ref} />
    </span>
  );
}

export interface CallHeaderProps {
  readonly sinceMs: number;
  readonly onStatistics: () => void;
}

export function CallHeader({ sinceMs, onStatistics }: CallHeaderProps) {
  const { stay } = useSession();
  return (
    <header class="call-header">
      <h1 class="call-header__room">{stay.room.value?.room}</h1>
      <Elapsed sinceMs={sinceMs} />
      <LinkSummary onStatistics={onStatistics} />
    </header>
  );
}
