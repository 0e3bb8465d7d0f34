import { listDevices, watchDevices, type DeviceList } from '@callbox/client';
import { useEffect, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from '../call/call-words.tsx';
import { useAloud } from '../call/use-aloud.ts';
import { findNewcomers, nameOf, type Newcomers } from './find-newcomers.ts';

/** Offers what is plugged in during the call; takes nothing by itself. */
export function NewcomerNotice() {
  const session = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [newcomers, setNewcomers] = useState<Newcomers | null>(null);
  const [answered, setAnswered] = useState(0);
  const { microphoneTrack, cameraTrack } = session.media.value;

  useEffect(() => {
    // What there was: a headset comes in several pieces, one event after the other.
    let known: DeviceList | null = null;
    let wanted = true;
    async function look(): Promise<void> {
      const now = await listDevices();
      if (!wanted) return;
      if (known === null) known = now;
      else setNewcomers(findNewcomers(known, now));
    }
    void look();
    const stop = watchDevices(() => void look());
    return () => {
      wanted = false;
      stop();
    };
    // With a track come the names, and who has taken a device up needs no offer of it.
  }, [microphoneTrack, cameraTrack, answered]);

  function answer(): void {
    setNewcomers(null);
    setAnswered((count) => count + 1);
  }

  async function take({ microphone, camera, speaker }: Newcomers): Promise<void> {
    answer();
    if (speaker !== null) session.chooseSpeaker(speaker);
    if (microphone !== null) await session.chooseDevice('microphone', microphone);
    if (camera !== null) await session.chooseDevice('camera', camera);
  }

  const name = newcomers === null ? null : nameOf(newcomers);
  // One that took the place of what was unplugged is in use already.
  const isOffered = name !== null && name !== microphoneTrack?.label && name !== cameraTrack?.label;
  useAloud(isOffered ? c('devices.new', { name }) : null);
  if (newcomers === null || !isOffered) return null;
  return (
    <Notice
      tone="calm"
      icon="settings"
      action={<Button onClick={() => void take(newcomers)}>{c('devices.use')}</Button>}
      onDismiss={answer}
      dismissLabel={t('app.close')}
    >
      {c('devices.new', { name })}
    </Notice>
  );
}
