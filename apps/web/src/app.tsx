import { useEffect, useRef } from 'preact/hooks';
import { PreJoinScreen } from './features/pre-join/pre-join-screen.tsx';
import { currentScreen } from './session/page-effects.ts';
import { useSession } from './session/session.ts';
import { lazy } from './ui/lazy.tsx';
import { LiveRegions } from './ui/live-region.tsx';
import { TooltipLayer } from './ui/tooltip.tsx';

const loadHome = () => import('./features/home-chunk.ts');
const HomeScreen = lazy(async () => (await loadHome()).HomeScreen);
const BadRoomScreen = lazy(async () => (await loadHome()).BadRoomScreen);
const NowhereScreen = lazy(async () => (await loadHome()).NowhereScreen);
const loadCall = () => import('./features/call-chunk.ts');
const CallScreen = lazy(async () => (await loadCall()).CallScreen);
const CheckScreen = lazy(async () => (await import('./features/check-chunk.ts')).CheckScreen);
const LeftScreen = lazy(async () => (await loadCall()).LeftScreen);

function CurrentScreen() {
  const { router, stay } = useSession();
  const route = router.route.value;

  useEffect(() => {
    // The door is drawn; the call is fetched while the person looks at it.
    if (route.kind === 'room') void CallScreen.preload();
  }, [route.kind]);

  switch (route.kind) {
    case 'home':
      return <HomeScreen />;
    case 'check':
      return <CheckScreen />;
    case 'bad-room':
      return <BadRoomScreen text={route.text} />;
    case 'nowhere':
      return <NowhereScreen />;
    case 'room':
      break;
  }
  const state = stay.state.value;
  switch (state.kind) {
    case 'inside':
      return <CallScreen />;
    case 'ended':
      return <LeftScreen ended={state} />;
    case 'joining':
      if (state.after !== null) return <LeftScreen ended={state.after} />;
      break;
    case 'outside':
      break;
  }
  return <PreJoinScreen key={route.room} room={route.room} />;
}

/** Who works with a keyboard or a screen reader is taken along to the next screen, and hears its heading. */
function useFocusOnNewScreen(): void {
  const screen = currentScreen(useSession());
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return undefined;
    shown.current = screen;
    // The screen may still be on its way.
    const timer = window.setTimeout(() => {
      const heading = document.querySelector('h1');
      heading?.setAttribute('tabindex', '-1');
      heading?.focus({ preventScroll: true });
    }, 50);
    return () => window.clearTimeout(timer);
  }, [screen]);
}

export function App() {
  useFocusOnNewScreen();
  return (
    <>
      <CurrentScreen />
      <LiveRegions />
      <TooltipLayer />
    </>
  );
}
