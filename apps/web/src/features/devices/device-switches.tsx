import type { DeviceState, MediaFailure } from '@callbox/client';
import { useSession, useWords } from '../../session/session.ts';
import { DeviceSwitch } from '../../ui/device-switch.tsx';
import { ariaChord, chord } from './chord.ts';

const blocked: ReadonlySet<MediaFailure> = new Set(['denied', 'denied-by-system']);

/** The microphone and the camera, before and in the call. */
export function MicrophoneSwitch() {
  const session = useSession();
  const { t } = useWords();
  const { microphone } = session.media.value;
  const on = microphone.kind === 'on';
  return (
    <DeviceSwitch
      name={t('device.microphone')}
      stateWord={useStateWord(microphone)}
      on={on}
      trouble={microphone.kind === 'failed'}
      busy={microphone.kind === 'asking'}
      icon="mic"
      iconOff="micOff"
      tooltip={t(on ? 'device.mute' : 'device.unmute')}
      keys={chord('D')}
      keyShortcut={ariaChord('D')}
      onToggle={() => void session.toggleMicrophone()}
    />
  );
}

export function CameraSwitch() {
  const session = useSession();
  const { t } = useWords();
  const { camera } = session.media.value;
  const on = camera.kind === 'on';
  return (
    <DeviceSwitch
      name={t('device.camera')}
      stateWord={useStateWord(camera)}
      on={on}
      trouble={camera.kind === 'failed'}
      busy={camera.kind === 'asking'}
      icon="video"
      iconOff="videoOff"
      tooltip={t(on ? 'device.stopCamera' : 'device.startCamera')}
      keys={chord('E')}
      keyShortcut={ariaChord('E')}
      onToggle={() => void session.toggleCamera()}
    />
  );
}

function useStateWord(state: DeviceState): string {
  const { t } = useWords();
  if (state.kind === 'failed' && blocked.has(state.reason)) return t('device.blocked');
  return t(state.kind === 'on' ? 'device.on' : 'device.off');
}
