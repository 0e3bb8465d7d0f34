import { isMirrored } from '../../session/is-mirrored.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { VideoSlot } from '../../ui/video-slot.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../devices/device-switches.tsx';
import type { FirstLook } from './use-first-look.ts';
import './preview.css';

/** How this person will look to the others, and the two switches. Dark like the call, in both themes. */
export function Preview({ look }: { readonly look: FirstLook }) {
  const { elements, localMedia, media, preferences } = useSession();
  const { t } = useWords();
  const { camera, microphone } = media.value;
  const { displayName } = preferences.current.value;
  const mirrored = isMirrored(preferences.current.value, media.value.cameraTrack);
  const visible = camera.kind === 'on' && elements.self.ratio.value !== null;
  const asking = camera.kind === 'asking' || microphone.kind === 'asking';

  function words(): string {
    if (asking && look.asks) return t('preJoin.asking');
    if (camera.kind === 'asking' || camera.kind === 'on') return t('preJoin.cameraStarting');
    return t('preJoin.cameraOff');
  }

  return (
    <section class="preview on-stage" aria-label={t('preJoin.preview')}>
      <VideoSlot
        view={elements.self}
        class={`preview__video${visible ? ' preview__video--visible' : ''}${mirrored ? ' mirrored' : ''}`}
      />
      {!visible && look.stage === 'ask' && (
        <div class="preview__ask">
          <Avatar displayName={displayName} size="large" />
          <p class="preview__words">{t('preJoin.ask.detail')}</p>
          <Button icon="video" onClick={() => void localMedia.acquire({ microphone: true, camera: true })}>
            {t('preJoin.ask')}
          </Button>
        </div>
      )}
      {!visible && look.stage === 'settled' && (
        <div class="preview__ask preview__ask--settled">
          <Avatar displayName={displayName} size="large" />
          {/* Other words are another paragraph: one that stays would begin elsewhere, and count as moved. */}
          <p key={words()} class="preview__words">
            {words()}
          </p>
        </div>
      )}
      {look.stage === 'settled' && (
        <div class="preview__switches" data-over-picture={visible}>
          <MicrophoneSwitch />
          <CameraSwitch />
        </div>
      )}
    </section>
  );
}
