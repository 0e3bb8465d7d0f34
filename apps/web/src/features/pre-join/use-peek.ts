import type { PeekResult } from '@callbox/client';
import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';

const againMs = 8_000;

/** Who is inside, kept fresh while somebody stands at the door. Null until the first answer. */
export function usePeek(room: string): PeekResult | null {
  const { client } = useSession();
  const [result, setResult] = useState<PeekResult | null>(null);

  useEffect(() => {
    let timer = 0;
    let wanted = true;
    async function look(): Promise<void> {
      if (document.visibilityState === 'visible') {
        const next = await client.peekRoom(room);
        if (!wanted) return;
        setResult(next);
      }
      timer = window.setTimeout(() => void look(), againMs);
    }
    void look();
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [client, room]);

  return result;
}
