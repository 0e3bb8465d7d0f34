import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../session/session.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** In place of what did not come: the network failed, or the server has a newer page and this part no longer. */
function PartMissing() {
  const { t } = useWords();
  return (
    <Notice tone="bad" action={<Button onClick={() => location.reload()}>{t('app.reload')}</Button>}>
      {t('app.partMissing')}
    </Notice>
  );
}

/** A component that is loaded later. */
export interface LazyComponent<P> extends FunctionComponent<P> {
  /** Loads it ahead of time, so that it is drawn at once when it is needed. */
  preload(): Promise<void>;
}

/** A component that is loaded when it is first drawn, if not before; nothing is shown until it is there. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): LazyComponent<P> {
  let loaded: ComponentType<P> | null = null;
  let failed = false;
  function Lazy(props: P) {
    const [, redraw] = useState(0);
    const Component = loaded;
    useEffect(() => {
      let wanted = true;
      async function fetch(): Promise<void> {
        try {
          loaded ??= await load();
        } catch {
          // Browsers remember a module that failed: only another page can load it.
          failed = true;
        }
        if (wanted) redraw((count) => count + 1);
      }
      // What was loaded since it was drawn without is drawn now.
      if (Component === null) void fetch();
      return () => {
        wanted = false;
      };
    }, []);
    if (Component !== null) return <Component {...props} />;
    return failed ? <PartMissing /> : null;
  }
  Lazy.preload = async () => {
    // What fails now is tried again, and told, when it is needed.
    loaded ??= await load().catch(() => null);
  };
  return Lazy;
}
