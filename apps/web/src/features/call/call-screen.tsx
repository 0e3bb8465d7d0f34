import type { Room } from '@callbox/client';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { CallIcons } from '../../ui/call-icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { lazy } from '../../ui/lazy.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useCoveringPanels } from '../../ui/side-panel.tsx';
import { ChatPanel } from '../chat/chat-panel.tsx';
import { DeviceSheetLater } from '../devices/device-sheet-opener.tsx';
import { NewcomerNotice } from '../devices/newcomer-notice.tsx';
import { useRememberedDevices } from '../devices/use-remembered-devices.ts';
import { FailureNoticesLater } from '../devices/failure-notices-later.tsx';
import { InviteDetails } from '../invite/invite-details.tsx';
import { CallHeader } from './call-header.tsx';
import { CallWordsProvider, useCallWords } from './call-words.tsx';
import { ControlBar } from './control-bar.tsx';
import { KeysSheet } from './keys-sheet.tsx';
import { LeaveNotice } from './leave-notice.tsx';
import { OtherTabNotice } from './other-tab-notice.tsx';
import { ServerNotices } from './server-notices.tsx';
import { ShareNotices } from './share-notices.tsx';
import { Stage } from './stage.tsx';
import { UplinkNotices } from './uplink-notices.tsx';
import { useAloud } from './use-aloud.ts';
import { useCallKeys } from './use-call-keys.ts';
import { useCloseRequests } from './use-close-requests.ts';
import { useLeaveGuard, type HeldUp } from './use-leave-guard.ts';
import { useMutedHint } from './use-muted-hint.ts';
import { useRestingMouse } from './use-resting-mouse.ts';
import { useScreenAnnouncements } from './use-screen-announcements.ts';
import { useSmallWindow } from './use-small-window.ts';
import { useSpeaking } from './use-speaking.ts';
import { useStatistics } from './use-statistics.ts';
import './call-screen.css';

/**
 * The failures of devices that the person does not know of yet: who came in without a camera is not told so again for the
 * length of the call.
 */
function useNewFailures() {
  const media = useSession().media.value;
  const [known, setKnown] = useState(media);
  const off = { kind: 'off' } as const;
  return {
    failures: {
      ...media,
      microphone: media.microphone === known.microphone ? off : media.microphone,
      camera: media.camera === known.camera ? off : media.camera,
    },
    dismiss: () => setKnown(media),
  };
}

const StatisticsLater = lazy(async () => (await import('../statistics-chunk.ts')).StatisticsPanel);

/** Sentences about what goes wrong in the call, between the people and the controls. */
function Trouble({ heldUp }: { readonly heldUp: HeldUp | null }) {
  const session = useSession();
  const { elements, stay } = session;
  const { t } = useWords();
  const c = useCallWords();
  const speaksMuted = useMutedHint();
  const { failures, dismiss } = useNewFailures();
  useAloud(elements.soundBlocked.value ? `${c('call.tapToHear.detail')} ${c('call.tapToHear')}` : null);
  return (
    <div class="call__trouble">
      {heldUp !== null && <LeaveNotice {...heldUp} />}
      {stay.state.value.kind === 'inside' && <ServerNotices room={stay.state.value.room} />}
      {elements.soundBlocked.value && (
        <Notice
          tone="calm"
          action={
            <Button look="primary" icon="volume" onClick={() => elements.startSound()}>
              {c('call.tapToHear')}
            </Button>
          }
        >
          {c('call.tapToHear.detail')}
        </Notice>
      )}
      {speaksMuted && (
        <Notice
          tone="calm"
          icon="micOff"
          action={<Button onClick={() => void session.toggleMicrophone()}>{t('device.unmute')}</Button>}
        >
          {c('muted.hint')}
        </Notice>
      )}
      <OtherTabNotice />
      <NewcomerNotice />
      <ShareNotices />
      {stay.state.value.kind === 'inside' && <UplinkNotices room={stay.state.value.room} />}
      {(failures.microphone.kind === 'failed' || failures.camera.kind === 'failed') && (
        <FailureNoticesLater media={failures} onDismiss={dismiss} />
      )}
    </div>
  );
}

/** The call. The stage and its bar are dark in both themes; the chat beside them follows the theme. */
export function CallScreen() {
  return (
    <CallIcons>
      <CallWordsProvider>
        <Call />
      </CallWordsProvider>
    </CallIcons>
  );
}

function Call() {
  const state = useSession().stay.state.value;
  return state.kind === 'inside' ? <Inside room={state.room} sinceMs={state.sinceMs} /> : null;
}

/** The figures stand where the chat stands: whichever was asked for last. */
function useStatisticsPanel(room: Room) {
  const session = useSession();
  const [wanted, setWanted] = useState(false);
  const chatIsOpen = session.chatOpen.value;
  useEffect(() => {
    if (chatIsOpen) setWanted(false);
  }, [chatIsOpen]);
  const isOpen = wanted && !chatIsOpen;
  return {
    isOpen,
    record: useStatistics(room, isOpen),
    show: () => {
      session.showChat(false);
      setWanted(true);
    },
    hide: useCallback(() => setWanted(false), []),
  };
}

function Inside({ room, sinceMs }: { readonly room: Room; readonly sinceMs: number }) {
  const session = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [inviting, setInviting] = useState(false);
  const [choosingDevices, setChoosingDevices] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);
  const [selfFloats, setSelfFloats] = useState(false);
  const statistics = useStatisticsPanel(room);
  const shownVideo = useRef<HTMLVideoElement>(null);
  const smallWindow = useSmallWindow(shownVideo);
  const speaking = useSpeaking(smallWindow.current !== null);
  useScreenAnnouncements();
  useRememberedDevices();
  useCallKeys(useCallback(() => setShowingKeys(true), []));
  const isBare = useRestingMouse();
  const chatIsOpen = session.chatOpen.value;
  const panelIsOpen = chatIsOpen || statistics.isOpen;
  const { hide: hideStatistics } = statistics;
  const closePanel = useCallback(() => {
    const sheet = document.querySelector<HTMLDialogElement>('dialog[open]');
    if (sheet === null && !panelIsOpen) return false;
    if (sheet !== null) sheet.close();
    else if (chatIsOpen) session.showChat(false);
    else hideStatistics();
    return true;
  }, [session, panelIsOpen, chatIsOpen, hideStatistics]);
  const heldUp = useLeaveGuard(closePanel);
  const covered = useCoveringPanels() && panelIsOpen;
  useCloseRequests(covered, closePanel);

  useEffect(() => () => session.showChat(false), [session]);

  return (
    <div class="call" data-aside={panelIsOpen ? 'open' : 'closed'}>
      <main class="call__stage on-stage" data-bare={isBare ? '' : undefined}>
        <CallHeader sinceMs={sinceMs} onStatistics={statistics.show} />
        {/* Nobody's keyboard gets lost behind a panel. */}
        <div class="call__covered" inert={covered}>
          <Stage
            speaking={speaking}
            onSelfFloats={setSelfFloats}
            smallWindow={smallWindow.current}
            shownVideo={shownVideo}
          />
          <Trouble heldUp={heldUp} />
          <ControlBar
            selfFloats={selfFloats}
            smallWindow={smallWindow}
            onInvite={() => setInviting(true)}
            onDevices={() => setChoosingDevices(true)}
            onKeys={() => setShowingKeys(true)}
            onStatistics={statistics.show}
          />
        </div>
      </main>
      {chatIsOpen && <ChatPanel room={room} />}
      {statistics.isOpen && <StatisticsLater record={statistics.record} onClose={statistics.hide} />}
      <Sheet
        open={inviting}
        heading={c('call.invite.heading')}
        closeLabel={t('app.close')}
        onClose={() => setInviting(false)}
      >
        <p class="call__invite-words">{c('call.invite.detail')}</p>
        <InviteDetails />
      </Sheet>
      <KeysSheet open={showingKeys} onClose={() => setShowingKeys(false)} />
      {choosingDevices && <DeviceSheetLater onClose={() => setChoosingDevices(false)} />}
    </div>
  );
}
