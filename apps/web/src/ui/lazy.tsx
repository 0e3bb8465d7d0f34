import type { ComponentType } from 'preact';
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

/** A component that is loaded when it is first drawn; nothing is shown until it is there. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  let failed = false;
  return function Lazy(props: P) {
    const [, redraw] = useState(0);
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
      if (loaded === null) void fetch();
      return () => {
        wanted = false;
      };
    }, []);
    const Component = loaded;
    if (Component !== null) return <Component {...props} />;
    return failed ? <PartMissing /> : null;
  };
}
