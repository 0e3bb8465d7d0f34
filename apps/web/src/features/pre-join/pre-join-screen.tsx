import { limits } from '@callbox/client';
import { useState } from 'preact/hooks';
import { describeRefusal } from '../../session/refusal-words.ts';
import { useSession, useWords, type Entrance } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useLasting } from '../../ui/use-lasting.ts';
import { DeviceSheetLater } from '../devices/device-sheet-opener.tsx';
import { FailureNoticesLater } from '../devices/failure-notices-later.tsx';
import { PageFrame } from '../page-frame.tsx';
import { MicMeter } from './mic-meter.tsx';
import { Preview } from './preview.tsx';
import { useFirstLook } from './use-first-look.ts';
import { usePeek } from './use-peek.ts';
import { WhoIsInside } from './who-is-inside.tsx';
import './pre-join-screen.css';

function Refused({ onTryAgain }: { readonly onTryAgain: () => void }) {
  const { stay, router } = useSession();
  const words = useWords();
  const state = stay.state.value;
  if (state.kind !== 'outside' || state.refusal === null) return null;
  const { text, remedy } = describeRefusal(state.refusal, words);
  const remedies = {
    'try-again': { label: words.t('app.tryAgain'), act: onTryAgain },
    reload: { label: words.t('app.reload'), act: () => location.reload() },
    'back-to-start': { label: words.t('app.backToStart'), act: () => router.navigate('/') },
  } as const;
  return (
    <Notice tone="bad" action={<Button onClick={remedies[remedy].act}>{remedies[remedy].label}</Button>}>
      {text}
    </Notice>
  );
}

function Door({ room }: { readonly room: string }) {
  const session = useSession();
  const { t } = useWords();
  const peek = usePeek(room);
  const state = session.stay.state.value;
  const [pressed, setPressed] = useState<Entrance | null>(null);
  const joining = pressed !== null || state.kind === 'joining';
  const showBusy = useLasting(joining, 400);
  const refused = state.kind === 'outside' && state.refusal !== null;

  async function enter(entrance: Entrance): Promise<void> {
    if (joining) return;
    setPressed(entrance);
    try {
      await session.enter(entrance);
    } finally {
      setPressed(null);
    }
  }

  const full =
    !refused && peek?.ok === true && peek.peek.displayNames.length >= peek.peek.maxParticipants
      ? peek.peek.maxParticipants
      : null;

  return (
    <form
      class="door"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void enter('as-shown');
      }}
    >
      <div class="door__head">
        <h1 class="door__room">{room}</h1>
        <WhoIsInside result={peek} />
      </div>
      <TextField
        label={t('preJoin.name')}
        placeholder={t('preJoin.name.placeholder')}
        value={session.preferences.current.value.displayName}
        maxLength={limits.displayNameLength}
        autocomplete="name"
        onInput={(event) => session.preferences.update({ displayName: event.currentTarget.value })}
      />
      <div class="door__ways">
        <Button look="primary" large type="submit" busy={showBusy}>
          {t(showBusy ? 'preJoin.joining' : 'preJoin.join')}
        </Button>
        <div class="door__other-ways">
          <Button look="plain" onClick={() => void enter('voice-only')}>
            {t('preJoin.voiceOnly')}
          </Button>
          <Button look="plain" onClick={() => void enter('just-listen')}>
            {t('preJoin.justListen')}
          </Button>
        </div>
      </div>
      {full !== null && <Notice tone="calm">{t('preJoin.full', { count: full })}</Notice>}
      <Refused onTryAgain={() => void enter('as-shown')} />
    </form>
  );
}

/** The door of a room: how one will look, who is inside, and the ways in. */
export function PreJoinScreen({ room }: { readonly room: string }) {
  const look = useFirstLook();
  const { media } = useSession();
  const { t } = useWords();
  const [choosing, setChoosing] = useState(false);
  const { microphone, camera } = media.value;
  const failed = microphone.kind === 'failed' || camera.kind === 'failed';
  return (
    <PageFrame>
      <div class="pre-join">
        <div class="pre-join__look">
          <Preview look={look} />
          <div class="pre-join__below">
            {failed && <FailureNoticesLater />}
            {look.stage === 'settled' && (
              <div class="pre-join__devices">
                {microphone.kind !== 'failed' && <MicMeter />}
                <Button look="plain" icon="settings" onClick={() => setChoosing(true)}>
                  {t('device.choose')}
                </Button>
              </div>
            )}
          </div>
        </div>
        <Door room={room} />
      </div>
      {choosing && <DeviceSheetLater onClose={() => setChoosing(false)} />}
    </PageFrame>
  );
}
