import type { DeviceList, ListedDevice } from '@callbox/client';

/** What has been plugged in: a headset is a microphone and a speaker. */
export interface Newcomers {
  readonly microphone: ListedDevice | null;
  readonly camera: ListedDevice | null;
  readonly speaker: ListedDevice | null;
}

/** Not devices but names for whichever the system prefers, as Chromium lists them. */
const aliases: ReadonlySet<string> = new Set(['default', 'communications']);

function newIn(before: readonly ListedDevice[], after: readonly ListedDevice[]): ListedDevice | null {
  // Before a permission there are no names: a list that only gets them has no newcomers.
  if (before.every(({ label }) => label === '')) return null;
  const known = new Set(before.map(({ id }) => id));
  return after.find(({ id, label }) => label !== '' && !known.has(id) && !aliases.has(id)) ?? null;
}

/** The devices that came between two looks; null where none did. */
export function findNewcomers(before: DeviceList, after: DeviceList): Newcomers | null {
  const found: Newcomers = {
    microphone: newIn(before.microphones, after.microphones),
    camera: newIn(before.cameras, after.cameras),
    speaker: newIn(before.speakers, after.speakers),
  };
  return Object.values(found).some((device) => device !== null) ? found : null;
}

/** What a person calls it. */
export function nameOf({ microphone, camera, speaker }: Newcomers): string {
  return (microphone ?? speaker ?? camera)?.label ?? '';
}
