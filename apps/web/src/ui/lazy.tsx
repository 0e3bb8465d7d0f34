import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component that is loaded when it is first drawn; nothing is shown until it is there. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, redraw] = useState(0);
    useEffect(() => {
      let wanted = true;
      async function fetch(): Promise<void> {
        loaded ??= await load();
        if (wanted) redraw((count) => count + 1);
      }
      if (loaded === null) void fetch();
      return () => {
        wanted = false;
      };
    }, []);
    const Component = loaded;
    return Component === null ? null : <Component {...props} />;
  };
}
