import type { DeviceKind } from '@callbox/client';
import type { Session } from './session.ts';

/** Turns a device on or off and says which: the focus may be far from the switch that shows it. */
export async function toggleAloud(session: Session, kind: DeviceKind): Promise<void> {
  await (kind === 'microphone' ? session.toggleMicrophone() : session.toggleCamera());
  const { t } = session.words.peek();
  const on = session.localMedia.snapshot[kind].kind === 'on';
  const words = {
    microphone: on ? 'device.unmuted.now' : 'device.muted.now',
    camera: on ? 'device.cameraOn.now' : 'device.cameraOff.now',
  } as const;
  session.announcer.say(t(words[kind]));
}
