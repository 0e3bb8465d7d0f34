import { findDevice, listDevices, watchDevices } from '@callbox/client';
import { useEffect } from 'preact/hooks';
import { useSession, type Session } from '../../session/session.ts';

/** Browsers give a device another id now and then: what was remembered is found by its name, and remembered anew. */
async function followSpeaker(session: Session): Promise<void> {
  const { preferences } = session;
  const remembered = preferences.current.peek().speaker;
  if (remembered === null) return;
  const { speakers } = await listDevices();
  const found = findDevice(speakers, remembered);
  // One that is unplugged stays remembered; the system's own is heard until it is back.
  if (found !== undefined && preferences.current.peek().speaker === remembered) session.chooseSpeaker(found);
}

/** Keeps to the devices that the person chose, whatever the browser calls them today, and takes them up when they are back. */
export function useRememberedDevices(): void {
  const session = useSession();
  const { microphoneTrack, cameraTrack } = session.media.value;

  useEffect(() => {
    void followSpeaker(session);
    return watchDevices(() => void followSpeaker(session));
    // Names, and so speakers, are known from the first track on.
  }, [session, microphoneTrack]);

  useEffect(() => {
    const { current, update } = session.preferences;
    for (const [kind, track] of [
      ['microphoneDevice', microphoneTrack],
      ['cameraDevice', cameraTrack],
    ] as const) {
      const id = track?.getSettings().deviceId;
      const remembered = current.peek()[kind];
      if (track === null || id === undefined || remembered === null) continue;
      if (remembered.label === track.label && remembered.id !== id) {
        update({ [kind]: { id, label: track.label } });
      }
    }
  }, [session, microphoneTrack, cameraTrack]);
}
