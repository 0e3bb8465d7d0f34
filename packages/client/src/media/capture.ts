import type { DeviceChoice, DeviceKind, MediaFailure } from '../local-media-types.ts';
import {
  explainMediaError,
  isWorthAskingAlone,
  refineDenial,
  type Permission,
} from '../logic/media-failure.ts';

/** What came of asking for one device. */
export type Captured =
  | { readonly ok: true; readonly track: MediaStreamTrack }
  | { readonly ok: false; readonly reason: MediaFailure };

const constraints = {
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  originalSound: {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    channelCount: { ideal: 2 },
  },
  camera: {
    width: { ideal: 1_280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    facingMode: 'user',
  },
} as const;

/** Which devices are wanted, where it matters. */
export interface Choices extends Readonly<Record<DeviceKind, DeviceChoice | null>> {
  readonly originalSound: boolean;
}

/** Asks for the devices in one prompt. If that fails, for each alone: one of them is often to be had. */
export async function capture(
  kinds: readonly DeviceKind[],
  choices: Choices,
): Promise<ReadonlyMap<DeviceKind, Captured>> {
  const results = await captureAny(kinds, choices);
  const settled = [...results].map(
    async ([kind, result]) => [kind, await settle(kind, result, choices)] as const,
  );
  return new Map(await Promise.all(settled));
}

/** Says who said no, and takes the device that was meant where the browser knows its id no longer. */
async function settle(kind: DeviceKind, result: Captured, choices: Choices): Promise<Captured> {
  if (result.ok) return { ok: true, track: await findMeant(kind, result.track, choices) };
  if (result.reason !== 'denied') return result;
  return { ok: false, reason: refineDenial(result.reason, await askPermission(kind)) };
}

/** The device of the label that was chosen, where the browser gave another; else the one that it gave. */
async function findMeant(
  kind: DeviceKind,
  track: MediaStreamTrack,
  choices: Choices,
): Promise<MediaStreamTrack> {
  const choice = choices[kind];
  if (choice === null || !('id' in choice) || choice.label === undefined) return track;
  if (track.label === choice.label || track.getSettings().deviceId === choice.id) return track;
  // Seldom needed, so it is no part of what a page loads first.
  const { findDevice, listDevices } = await import('../devices/list-devices.ts');
  const list = await listDevices();
  const devices = kind === 'microphone' ? list.microphones : list.cameras;
  const meant = findDevice(devices, { id: choice.id, label: choice.label });
  if (meant === undefined) return track;
  const again = await captureTogether([kind], { ...choices, [kind]: { id: meant.id } }, 'exact');
  const found = again.get(kind);
  if (found?.ok !== true) return track;
  track.stop();
  return found.track;
}

/** The device that a person has just picked, or none. */
export async function capturePicked(kind: DeviceKind, choices: Choices): Promise<Captured | undefined> {
  return (await captureTogether([kind], choices, 'exact')).get(kind);
}

async function captureAny(
  kinds: readonly DeviceKind[],
  choices: Choices,
): Promise<ReadonlyMap<DeviceKind, Captured>> {
  const together = await captureTogether(kinds, choices);
  const first = kinds.map((kind) => together.get(kind)).find((result) => result?.ok === false);
  if (kinds.length < 2 || first?.ok !== false) return together;
  const [microphone, camera] = await Promise.all([askPermission('microphone'), askPermission('camera')]);
  const alone = new Map(together);
  if (isWorthAskingAlone(first.reason, microphone, camera)) await addAlone(alone, 'microphone', choices);
  if (isWorthAskingAlone(first.reason, camera, microphone)) await addAlone(alone, 'camera', choices);
  return alone;
}

async function addAlone(
  results: Map<DeviceKind, Captured>,
  kind: DeviceKind,
  choices: Choices,
): Promise<void> {
  for (const [asked, result] of await captureTogether([kind], choices)) results.set(asked, result);
}

/**
 * `ideal`: a device that was pulled out since must not leave a person without any. But browsers weigh such a wish against
 * the size of the picture, so who has just picked a device gets `exact` that one.
 */
export type Firmness = 'ideal' | 'exact';

function constrain(kind: DeviceKind, choices: Choices, firmness: Firmness): MediaTrackConstraints {
  const choice = choices[kind];
  const base: MediaTrackConstraints =
    kind === 'microphone' && choices.originalSound ? constraints.originalSound : constraints[kind];
  if (choice === null) return base;
  if ('facing' in choice) return { ...base, facingMode: choice.facing };
  const { facingMode: _, ...rest } = base;
  return { ...rest, deviceId: { [firmness]: choice.id } };
}

async function captureTogether(
  kinds: readonly DeviceKind[],
  choices: Choices,
  firmness: Firmness = 'ideal',
): Promise<ReadonlyMap<DeviceKind, Captured>> {
  const missing = whyNoDevices();
  if (missing !== null) return fail(kinds, missing);
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: kinds.includes('microphone') && constrain('microphone', choices, firmness),
      video: kinds.includes('camera') && constrain('camera', choices, firmness),
    });
    return new Map(stream.getTracks().map((track) => [kindOf(track), { ok: true, track }]));
  } catch (error) {
    return fail(kinds, explainMediaError(error));
  }
}

function fail(kinds: readonly DeviceKind[], reason: MediaFailure): ReadonlyMap<DeviceKind, Captured> {
  return new Map(kinds.map((kind) => [kind, { ok: false, reason }]));
}

function kindOf(track: MediaStreamTrack): DeviceKind {
  return track.kind === 'audio' ? 'microphone' : 'camera';
}

/** Pages without HTTPS, and browsers inside some apps, have no `mediaDevices` at all. */
function whyNoDevices(): MediaFailure | null {
  if (!globalThis.isSecureContext) return 'insecure-context';
  return 'mediaDevices' in navigator ? null : 'unsupported';
}

/** What the browser says of a device without asking the person. */
export async function askPermission(kind: DeviceKind): Promise<Permission> {
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    // Older browsers do not know these names.
    return 'unknown';
  }
}
