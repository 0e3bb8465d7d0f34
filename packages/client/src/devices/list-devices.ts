/** One device that the person may choose. */
export interface ListedDevice {
  readonly id: string;
  /** Empty before the person has let the page use a device of its kind. */
  readonly label: string;
}

/** The devices of each kind that a person may choose from. */
export interface DeviceList {
  readonly microphones: readonly ListedDevice[];
  readonly cameras: readonly ListedDevice[];
  /** Empty where the browser lets no page choose where its sound goes. */
  readonly speakers: readonly ListedDevice[];
}

const nothing: DeviceList = { microphones: [], cameras: [], speakers: [] };
/** Firefox does not answer while its tab is in the background. */
const patienceMs = 2_000;

/** The devices that there are now; none where the browser does not say so in time. */
export async function listDevices(): Promise<DeviceList> {
  if (!globalThis.isSecureContext || !('mediaDevices' in navigator)) return nothing;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs));
  const devices = await Promise.race([navigator.mediaDevices.enumerateDevices().catch(() => null), late]);
  if (devices === null) return nothing;
  const ofKind = (kind: MediaDeviceKind): readonly ListedDevice[] =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  return {
    microphones: ofKind('audioinput'),
    cameras: ofKind('videoinput'),
    speakers: canChooseSpeaker ? ofKind('audiooutput') : [],
  };
}

/** Calls `listener` when a device is plugged in or pulled out. @returns the way to stop. */
export function watchDevices(listener: () => void): () => void {
  if (!globalThis.isSecureContext || !('mediaDevices' in navigator)) return () => {};
  const { mediaDevices } = navigator;
  mediaDevices.addEventListener('devicechange', listener);
  return () => mediaDevices.removeEventListener('devicechange', listener);
}

/** A device by the name it had, where its id has changed since: browsers give new ids now and then. */
export function findDevice(
  devices: readonly ListedDevice[],
  remembered: ListedDevice,
): ListedDevice | undefined {
  return (
    devices.find(({ id }) => id === remembered.id) ??
    devices.find(({ label }) => label !== '' && label === remembered.label)
  );
}
