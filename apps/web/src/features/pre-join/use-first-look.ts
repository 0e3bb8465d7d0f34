import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';

export interface FirstLook {
  /** `looking`: not known yet. `ask`: the browser would ask, so a button comes first. `settled`: nothing to wait for. */
  readonly stage: 'looking' | 'ask' | 'settled';
  /** Whether the browser asks when the devices start. */
  readonly asks: boolean;
}

/**
 * Decides whether the camera and microphone may start by themselves: only what has been granted before does, since a
 * question out of nowhere is refused out of habit.
 */
export function useFirstLook(): FirstLook {
  const { localMedia, media, preferences, stay } = useSession();
  const [look, setLook] = useState<FirstLook['stage']>('looking');
  const { microphone, camera } = media.value;
  const untouched = microphone.kind === 'off' && camera.kind === 'off';

  useEffect(() => {
    let wanted = true;
    async function decide(): Promise<void> {
      if (!window.isSecureContext || !('mediaDevices' in navigator)) {
        // No question can come: this only finds the words for it.
        await localMedia.acquire({ microphone: true, camera: true });
        if (wanted) setLook('settled');
        return;
      }
      const [forMicrophone, forCamera] = await Promise.all([
        localMedia.permission('microphone'),
        localMedia.permission('camera'),
      ]);
      if (!wanted) return;
      if (forMicrophone !== 'granted' && forCamera !== 'granted') {
        setLook('ask');
        return;
      }
      setLook('settled');
      const { microphone: likesMicrophone, camera: likesCamera } = preferences.current.peek();
      const now = {
        microphone: forMicrophone === 'granted' && likesMicrophone,
        camera: forCamera === 'granted' && likesCamera,
      };
      if (now.microphone || now.camera) await localMedia.acquire(now);
    }
    const { microphone, camera } = localMedia.snapshot;
    // Who is on the way back into a call comes as they were there.
    const isDecided =
      microphone.kind !== 'off' || camera.kind !== 'off' || stay.state.peek().kind === 'joining';
    if (!isDecided) void decide();
    else setLook('settled');
    return () => {
      wanted = false;
    };
  }, [localMedia, preferences, stay]);

  return { stage: look === 'ask' && !untouched ? 'settled' : look, asks: look === 'ask' };
}
