/** What one connection may send of one picture. */
export interface PictureLimits {
  /** Length of the picture's shorter side: what "720p" names, also for a phone held upright. */
  readonly maxShortSide: number;
  readonly maxFramesPerSecond: number;
  readonly maxBitsPerSecond: number;
}

/** What one connection may send. */
export interface SendingPlan {
  readonly camera: PictureLimits;
  readonly screen: PictureLimits;
}

// In a mesh each person more costs one more encoding and one more copy of it on the way up: about 2.5 Mbit/s in all.
const byPeople: readonly (readonly [people: number, limits: PictureLimits])[] = [
  [2, { maxShortSide: 720, maxFramesPerSecond: 30, maxBitsPerSecond: 1_700_000 }],
  [3, { maxShortSide: 540, maxFramesPerSecond: 30, maxBitsPerSecond: 1_000_000 }],
  [4, { maxShortSide: 540, maxFramesPerSecond: 24, maxBitsPerSecond: 700_000 }],
  [5, { maxShortSide: 360, maxFramesPerSecond: 20, maxBitsPerSecond: 450_000 }],
  [6, { maxShortSide: 360, maxFramesPerSecond: 15, maxBitsPerSecond: 350_000 }],
  [8, { maxShortSide: 270, maxFramesPerSecond: 15, maxBitsPerSecond: 220_000 }],
];
const crowded: PictureLimits = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };

/** Beside a screen a face is small, and the screen needs the room on the way up. */
const besideScreen: PictureLimits = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };

const screenBits = 2_500_000;
const leastScreenBits = 250_000;

/** The camera's share of each connection when so many people, this one included, are in the room. */
export function planCamera(people: number): PictureLimits {
  return byPeople.find(([most]) => people <= most)?.[1] ?? crowded;
}

/**
 * The same for a shared screen. It keeps its size, for text that was made smaller cannot be read; what gives way are the
 * frames, of which text needs few.
 */
export function planScreen(people: number): PictureLimits {
  const others = Math.max(people - 1, 1);
  return {
    maxShortSide: 1_440,
    maxFramesPerSecond: others <= 2 ? 30 : others <= 4 ? 15 : 8,
    maxBitsPerSecond: Math.max(Math.round(screenBits / others), leastScreenBits),
  };
}

/** What each connection may send; `sharing` while this person shows a screen. */
export function planSending(people: number, sharing: boolean): SendingPlan {
  return { camera: sharing ? besideScreen : planCamera(people), screen: planScreen(people) };
}

/** By how much a picture of this size is to be made smaller; never larger. Unknown sizes are left alone. */
export function scaleDownBy(
  limits: PictureLimits,
  captured: { readonly width?: number; readonly height?: number },
): number {
  const { width, height } = captured;
  if (width === undefined || height === undefined) return 1;
  return Math.max(1, Math.min(width, height) / limits.maxShortSide);
}
