import { useEffect } from 'preact/hooks';
import { useSession } from '../../session/session.ts';

/** Has screen readers told a sentence each time that it comes up; null while there is nothing to tell. */
export function useAloud(sentence: string | null): void {
  const { announcer } = useSession();
  useEffect(() => {
    if (sentence !== null) announcer.say(sentence);
  }, [announcer, sentence]);
}
