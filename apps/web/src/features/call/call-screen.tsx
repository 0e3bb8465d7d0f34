import { useCallback, useEffect, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ChatPanel } from '../chat/chat-panel.tsx';
import { DeviceSheetLater } from '../devices/device-sheet-opener.tsx';
import { FailureNotices } from '../devices/failure-notices.tsx';
import { InviteDetails } from '../invite/invite-details.tsx';
import { CallHeader } from './call-header.tsx';
import { CallWordsProvider, useCallWords } from './call-words.tsx';
import { ControlBar } from './control-bar.tsx';
import { KeysSheet } from './keys-sheet.tsx';
import { ServerNotices } from './server-notices.tsx';
import { ShareNotices } from './share-notices.tsx';
import { Stage } from './stage.tsx';
import { UplinkNotices } from './uplink-notices.tsx';
import { useCallKeys } from './use-call-keys.ts';
import { useMutedHint } from './use-muted-hint.ts';
import { useScreenAnnouncements } from './use-screen-announcements.ts';
import { useSpeaking } from './use-speaking.ts';
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

/** Sentences about what goes wrong in the call, between the people and the controls. */
function Trouble() {
  const session = useSession();
  const { elements, stay } = session;
  const { t } = useWords();
  const c = useCallWords();
  const speaksMuted = useMutedHint();
  const { failures, dismiss } = useNewFailures();
  return (
    <div class="call__trouble">
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
      <ShareNotices />
      {stay.state.value.kind === 'inside' && <UplinkNotices room={stay.state.value.room} />}
      <FailureNotices media={failures} onDismiss={dismiss} />
    </div>
  );
}

/** The call. The stage and its bar are dark in both themes; the chat beside them follows the theme. */
export function CallScreen() {
  return (
    <CallWordsProvider>
      <Call />
    </CallWordsProvider>
  );
}

function Call() {
  const session = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [inviting, setInviting] = useState(false);
  const [choosingDevices, setChoosingDevices] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);
  const [selfFloats, setSelfFloats] = useState(false);
  const speaking = useSpeaking();
  useScreenAnnouncements();
  useCallKeys(useCallback(() => setShowingKeys(true), []));
  const { stay, chatOpen } = session;
  const state = stay.state.value;

  useEffect(() => () => session.showChat(false), [session]);

  if (state.kind !== 'inside') return null;
  return (
    <div class="call" data-chat={chatOpen.value ? 'open' : 'closed'}>
      <main class="call__stage on-stage">
        <CallHeader sinceMs={state.sinceMs} />
        <Stage speaking={speaking} onSelfFloats={setSelfFloats} />
        <Trouble />
        <ControlBar
          selfFloats={selfFloats}
          onInvite={() => setInviting(true)}
          onDevices={() => setChoosingDevices(true)}
          onKeys={() => setShowingKeys(true)}
        />
      </main>
      {chatOpen.value && <ChatPanel room={state.room} />}
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
