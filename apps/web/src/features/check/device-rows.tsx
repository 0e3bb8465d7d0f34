import type { DeviceState, LocalMediaSnapshot } from '@callbox/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { VideoSlot } from '../../ui/video-slot.tsx';
import { CheckRow, type RowState } from './check-row.tsx';
import { useCheckWords, type CheckWords } from './check-words.ts';
import { detectBrowser } from '../devices/browser.ts';
import { describeFailures } from '../devices/describe-failures.ts';
import { useFailureWords } from '../devices/failure-words.ts';
import { playNotes } from '../devices/play-notes.ts';

export interface DeviceResults {
  readonly isHeard: boolean;
  readonly speaker: 'unasked' | 'good' | 'bad';
}

export interface DeviceRowsProps extends DeviceResults {
  readonly onHeard: () => void;
  readonly onSpeaker: (verdict: 'good' | 'bad') => void;
}

/** What counts as a voice, on the meter's scale from 0 to 1. */
const heardLevel = 0.42;
const patienceMs = 6_000;
const bars = 24;

const off: DeviceState = { kind: 'off' };

/** The words for one device's failure, as before a call. */
function useFailure(kind: 'camera' | 'microphone'): string | undefined {
  const { media } = useSession();
  const words = useFailureWords();
  const alone: LocalMediaSnapshot = {
    ...media.value,
    [kind === 'camera' ? 'microphone' : 'camera']: off,
  };
  if (words === null) return undefined;
  const browser = detectBrowser(navigator.userAgent, navigator.maxTouchPoints);
  return describeFailures(alone, words, browser)[0]?.text;
}

function stateOf(device: DeviceState, whenOn: RowState): RowState {
  switch (device.kind) {
    case 'off':
      return 'unasked';
    case 'asking':
      return 'running';
    case 'on':
    case 'muted':
      return whenOn;
    case 'failed':
      return 'failed';
  }
}

function CameraRow({ t }: { readonly t: CheckWords }) {
  const { elements, media } = useSession();
  const { camera } = media.value;
  const fix = useFailure('camera');
  return (
    <CheckRow id="camera" title={t('camera')} state={stateOf(camera, 'good')} fix={fix}>
      {camera.kind === 'on' && (
        <>
          <p class="check-row__seen">{t('camera.good')}</p>
          <VideoSlot view={elements.self} class="check-preview mirrored" />
        </>
      )}
    </CheckRow>
  );
}

function Meter({ onHeard }: { readonly onHeard: () => void }) {
  const { localMedia } = useSession();
  const ref = useRef<HTMLDivElement>(null);
  const heard = useRef(onHeard);
  heard.current = onHeard;
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    function paint(): void {
      const level = localMedia.level();
      shown = Math.max(level, shown * 0.92);
      ref.current?.style.setProperty('--level', shown.toFixed(3));
      if (level > heardLevel) heard.current();
      frame = requestAnimationFrame(paint);
    }
    frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [localMedia]);
  return (
    <div ref={ref} class="check-meter" aria-hidden="true">
      {Array.from({ length: bars }, (_, index) => (
        <span key={index} style={{ '--at': (index / bars).toFixed(3) }} />
      ))}
    </div>
  );
}

function MicrophoneRow({
  t,
  isHeard,
  onHeard,
}: Pick<DeviceRowsProps, 'isHeard' | 'onHeard'> & { readonly t: CheckWords }) {
  const { media } = useSession();
  const { microphone } = media.value;
  const [isLate, setLate] = useState(false);
  const fix = useFailure('microphone');
  const isOn = microphone.kind === 'on';
  useEffect(() => {
    if (!isOn) return undefined;
    setLate(false);
    const timer = window.setTimeout(() => setLate(true), patienceMs);
    return () => window.clearTimeout(timer);
  }, [isOn]);
  const isSilent = isOn && isLate && !isHeard;
  return (
    <CheckRow
      id="microphone"
      title={t('microphone')}
      state={stateOf(microphone, isHeard ? 'good' : isSilent ? 'warning' : 'running')}
      fix={fix ?? (isSilent ? t('microphone.silent') : undefined)}
    >
      {isOn && (
        <>
          {!isSilent && (
            <p class="check-row__seen">{t(isHeard ? 'microphone.good' : 'microphone.listening')}</p>
          )}
          <Meter onHeard={onHeard} />
        </>
      )}
    </CheckRow>
  );
}

type Playing = 'no' | 'now' | 'over' | 'blocked';

function SpeakerRow({
  t,
  speaker,
  onSpeaker,
}: Pick<DeviceRowsProps, 'speaker' | 'onSpeaker'> & { readonly t: CheckWords }) {
  const [playing, setPlaying] = useState<Playing>('no');
  const states = { unasked: playing === 'no' ? 'unasked' : 'running', good: 'good', bad: 'failed' } as const;
  const isBlocked = playing === 'blocked';

  async function play(): Promise<void> {
    if (playing === 'now') return;
    setPlaying('now');
    setPlaying((await playNotes()) ? 'over' : 'blocked');
  }

  return (
    <CheckRow
      id="speaker"
      title={t('speaker')}
      state={isBlocked ? 'warning' : states[speaker]}
      fix={isBlocked ? t('speaker.blocked') : speaker === 'bad' ? t('speaker.bad') : undefined}
      action={
        <>
          <Button icon="volume" busy={playing === 'now'} onClick={() => void play()}>
            {t(playing === 'no' ? 'speaker.play' : 'speaker.again')}
          </Button>
          {(playing === 'now' || playing === 'over') && (
            <>
              <Button onClick={() => onSpeaker('good')} aria-pressed={speaker === 'good'}>
                {t('speaker.heard')}
              </Button>
              <Button onClick={() => onSpeaker('bad')} aria-pressed={speaker === 'bad'}>
                {t('speaker.silent')}
              </Button>
            </>
          )}
        </>
      }
    >
      <p class="check-row__seen">{t(speaker === 'good' ? 'speaker.good' : 'speaker.detail')}</p>
    </CheckRow>
  );
}

/** Camera, microphone and speaker: each needs the person, so nothing is asked for before they say so. */
export function DeviceRows({ isHeard, speaker, onHeard, onSpeaker }: DeviceRowsProps) {
  const t = useCheckWords();
  const { localMedia, media } = useSession();
  const { camera, microphone } = media.value;
  if (t === null) return null;
  const isOff = camera.kind === 'off' && microphone.kind === 'off';
  const isAsking = camera.kind === 'asking' || microphone.kind === 'asking';
  const hasFailed = camera.kind === 'failed' || microphone.kind === 'failed';
  return (
    <>
      <ul class="check-rows">
        <CameraRow t={t} />
        <MicrophoneRow t={t} isHeard={isHeard} onHeard={onHeard} />
        <SpeakerRow t={t} speaker={speaker} onSpeaker={onSpeaker} />
      </ul>
      <div class="check-ask">
        {isOff || isAsking || hasFailed ? (
          <Button
            icon="video"
            busy={isAsking}
            onClick={() => void localMedia.acquire({ microphone: true, camera: true })}
          >
            {t('devices.ask')}
          </Button>
        ) : (
          <Button icon="videoOff" onClick={() => localMedia.close()}>
            {t('devices.stop')}
          </Button>
        )}
        {(isOff || isAsking) && (
          <p class="check-ask__words">{t(isAsking ? 'devices.asking' : 'devices.ask.detail')}</p>
        )}
      </div>
    </>
  );
}
