import { render } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { SessionProvider, useSession } from '../../session/session.ts';
import { CallIcons } from '../../ui/call-icons.tsx';
import { CallWordsProvider, useCallWords } from '../call/call-words.tsx';
import { dressWindow } from './dress-window.ts';
import { SmallCall, type SmallCallProps } from './small-call.tsx';

/** Draws the call into a window that is still empty. Nothing of it is in the page itself. */
export function SmallWindowView(props: SmallCallProps) {
  const { page } = props;
  const session = useSession();
  const c = useCallWords();
  const [dressed, setDressed] = useState<Window | null>(null);

  useEffect(() => {
    async function dress(): Promise<void> {
      await dressWindow(page);
      setDressed(page);
    }
    void dress();
    return () => render(null, page.document.body);
  }, [page]);

  useEffect(() => {
    const { announcer, stay } = session;
    announcer.say(c('smallWindow.opened'));
    return () => {
      if (stay.state.peek().kind === 'inside') announcer.say(c('smallWindow.closed'));
    };
  }, [session]);

  // With each drawing of the stage.
  useLayoutEffect(() => {
    if (dressed !== page) return;
    render(
      <SessionProvider value={session}>
        <CallIcons>
          <CallWordsProvider>
            <SmallCall {...props} />
          </CallWordsProvider>
        </CallIcons>
      </SessionProvider>,
      page.document.body,
    );
  });
  return null;
}
