import { findDevice, listDevices, watchDevices, type DeviceList, type ListedDevice } from '@callbox/client';
import { useEffect, useId, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { CallWordsProvider, useCallWords } from '../call/call-words.tsx';
import { MicMeter } from '../pre-join/mic-meter.tsx';
import { playNotes } from './play-notes.ts';
import './device-sheet.css';

export interface DeviceSheetProps {
  readonly onClose: () => void;
}

interface ChoiceProps {
  readonly label: string;
  readonly devices: readonly ListedDevice[];
  readonly chosen: string | undefined;
  /** What is said where the list is empty. */
  readonly none: string;
  readonly onChoose: (device: ListedDevice) => void;
}

function Choice({ label, devices, chosen, none, onChoose }: ChoiceProps) {
  const c = useCallWords();
  const id = useId();
  return (
    <div class="device-choice">
      <label for={id} class="device-choice__label">
        {label}
      </label>
      <select
        id={id}
        class="device-choice__select"
        disabled={devices.length === 0}
        value={(devices.find(({ id: known }) => known === chosen) ?? devices[0])?.id ?? ''}
        onChange={({ currentTarget }) => {
          const device = devices.find((each) => each.id === currentTarget.value);
          if (device !== undefined) onChoose(device);
        }}
      >
        {devices.length === 0 && <option value="">{none}</option>}
        {devices.map((device, index) => (
          <option key={device.id} value={device.id}>
            {device.label === '' ? c('devices.nameless', { count: index + 1 }) : device.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The devices that there are, as they come and go. */
function useDeviceList(): DeviceList {
  const { media } = useSession();
  const { microphoneTrack, cameraTrack } = media.value;
  const [list, setList] = useState<DeviceList>({ microphones: [], cameras: [], speakers: [] });
  useEffect(() => {
    let wanted = true;
    async function read(): Promise<void> {
      const found = await listDevices();
      if (wanted) setList(found);
    }
    void read();
    const stop = watchDevices(() => void read());
    return () => {
      wanted = false;
      stop();
    };
    // Names come with the permission, and so with the first track.
  }, [microphoneTrack, cameraTrack]);
  return list;
}

function SpeakerTest() {
  const { preferences } = useSession();
  const c = useCallWords();
  const [playing, setPlaying] = useState(false);
  async function play(): Promise<void> {
    setPlaying(true);
    await playNotes(preferences.current.peek().speaker?.id);
    setPlaying(false);
  }
  return (
    <Button icon="volume" busy={playing} onClick={() => !playing && void play()}>
      {c('devices.testSpeaker')}
    </Button>
  );
}

function idOf(devices: readonly ListedDevice[], remembered: ListedDevice | null): string | undefined {
  return remembered === null ? undefined : findDevice(devices, remembered)?.id;
}

function Choices() {
  const session = useSession();
  const { media, preferences } = session;
  const { t } = useWords();
  const c = useCallWords();
  const [failed, setFailed] = useState(false);
  const { microphones, cameras, speakers } = useDeviceList();
  const { microphoneDevice, cameraDevice, speaker } = preferences.current.value;
  const { microphoneTrack, cameraTrack, originalSound } = media.value;
  const hintId = useId();

  async function setOriginalSound(original: boolean): Promise<void> {
    setFailed(!(await session.localMedia.setOriginalSound(original)));
  }

  async function choose(kind: 'microphone' | 'camera', device: ListedDevice): Promise<void> {
    setFailed(!(await session.chooseDevice(kind, device)));
  }

  return (
    <div class="device-sheet">
      <Choice
        label={c('devices.microphone')}
        devices={microphones}
        chosen={microphoneTrack?.getSettings().deviceId ?? idOf(microphones, microphoneDevice)}
        none={c('devices.none')}
        onChoose={(device) => void choose('microphone', device)}
      />
      <MicMeter />
      <div class="device-sheet__original">
        <label class="device-sheet__switch">
          <input
            type="checkbox"
            checked={originalSound}
            aria-describedby={hintId}
            onChange={({ currentTarget }) => void setOriginalSound(currentTarget.checked)}
          />
          {c('devices.original')}
        </label>
        <p id={hintId} class="device-sheet__hint">
          {c('devices.originalHint')}
        </p>
      </div>
      <Choice
        label={t('device.camera')}
        devices={cameras}
        chosen={cameraTrack?.getSettings().deviceId ?? idOf(cameras, cameraDevice)}
        none={c('devices.none')}
        onChoose={(device) => void choose('camera', device)}
      />
      <Choice
        label={c('devices.speaker')}
        devices={speakers}
        chosen={idOf(speakers, speaker)}
        none={c('devices.speakerOfSystem')}
        onChoose={(device) => session.chooseSpeaker(device)}
      />
      <SpeakerTest />
      <p class="device-sheet__failure" role="status">
        {failed && c('devices.failed')}
      </p>
    </div>
  );
}

/** Which microphone, camera and speaker. Each change is in force at once, also in a call. */
export function DeviceSheet({ onClose }: DeviceSheetProps) {
  const { t } = useWords();
  return (
    <CallWordsProvider>
      <Sheet open heading={t('device.choose')} closeLabel={t('app.close')} onClose={onClose}>
        <Choices />
      </Sheet>
    </CallWordsProvider>
  );
}
