import { useEffect, useState } from 'preact/hooks';

/** True once `value` has been true for a while: what is over in a moment needs no sign that it goes on. */
export function useLasting(value: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) {
      setLasting(false);
      return undefined;
    }
    const timer = window.setTimeout(() => setLasting(true), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return value && lasting;
}
