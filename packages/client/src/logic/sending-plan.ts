/** What one connection may send of the camera. */
export interface CameraLimits {
  /** Length of the picture's shorter side: what "720p" names, also for a phone held upright. */
  readonly maxShortSide: number;
  readonly maxFramesPerSecond: number;
  readonly maxBitsPerSecond: number;
}

// In a mesh each person more costs one more encoding and one more copy of it on the way up: about 2.5 Mbit/s in all.
const byPeople: readonly (readonly [people: number, limits: CameraLimits])[] = [
  [2, { maxShortSide: 720, maxFramesPerSecond: 30, maxBitsPerSecond: 1_700_000 }],
  [3, { maxShortSide: 540, maxFramesPerSecond: 30, maxBitsPerSecond: 1_000_000 }],
  [4, { maxShortSide: 540, maxFramesPerSecond: 24, maxBitsPerSecond: 700_000 }],
  [5, { maxShortSide: 360, maxFramesPerSecond: 20, maxBitsPerSecond: 450_000 }],
  [6, { maxShortSide: 360, maxFramesPerSecond: 15, maxBitsPerSecond: 350_000 }],
  [8, { maxShortSide: 270, maxFramesPerSecond: 15, maxBitsPerSecond: 220_000 }],
];
const crowded: CameraLimits = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };

/** The camera's share of each connection when so many people, this one included, are in the room. */
export function planCamera(people: number): CameraLimits {
  return byPeople.find(([most]) => people <= most)?.[1] ?? crowded;
}

/** By how much a picture of this size is to be made smaller; never larger. Unknown sizes are left alone. */
export function scaleDownBy(
  limits: CameraLimits,
  captured: { readonly width?: number; readonly height?: number },
): number {
  const { width, height } = captured;
  if (width === undefined || height === undefined) return 1;
  return Math.max(1, Math.min(width, height) / limits.maxShortSide);
}
