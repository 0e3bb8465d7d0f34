import type { PictureLimits } from './sending-plan.ts';

/** What is known of the way up when the camera's share beside a screen is decided. */
export interface ScreenSample {
  /** How many look at the screen. */
  readonly lookers: number;
  /** The most that the screen may take on each connection. */
  readonly screenBitsPerSecond: number;
  /** What the browser believes all connections together can carry; null where it does not tell. */
  readonly availableBitsPerSecond: number | null;
}

/** The camera's size beside a screen, and how long there has been room for the next one. */
export interface BesideScreen {
  readonly level: number;
  readonly roomySinceMs: number | null;
}

/** A face in the strip, and from there to one that is as large as without the screen. */
const levels: readonly PictureLimits[] = [
  { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 },
  { maxShortSide: 270, maxFramesPerSecond: 20, maxBitsPerSecond: 300_000 },
  { maxShortSide: 360, maxFramesPerSecond: 24, maxBitsPerSecond: 600_000 },
  { maxShortSide: 540, maxFramesPerSecond: 30, maxBitsPerSecond: 1_100_000 },
  { maxShortSide: 720, maxFramesPerSecond: 30, maxBitsPerSecond: 1_700_000 },
];
const smallest: PictureLimits = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };
const voiceBits = 40_000;
/** A screen needs all of its share only while what it shows moves: this part of it is kept free. */
const screenShare = 0.6;
/** Room to spare before more is sent, so that the estimate of the browser may err. */
const margin = 1.25;
const roomyForMs = 5_000;

function needed(level: number, { lookers, screenBitsPerSecond }: ScreenSample): number {
  const camera = levels[level]?.maxBitsPerSecond ?? Infinity;
  return lookers * (camera + screenBitsPerSecond * screenShare + voiceBits);
}

/** Where the camera begins when a screen is shown: as large as the link has been seen to carry. */
export function startBesideScreen(sample: ScreenSample): BesideScreen {
  const { availableBitsPerSecond: available } = sample;
  // A browser that tells nothing: what most links carry to one or two.
  if (available === null) return { level: sample.lookers <= 2 ? 1 : 0, roomySinceMs: null };
  const level = levels.findLastIndex((_, index) => needed(index, sample) * margin <= available);
  return { level: Math.max(0, level), roomySinceMs: null };
}

/** One look while a screen is shown: down at once to what the link carries, up by one size after five seconds of room. */
export function stepBesideScreen(state: BesideScreen, sample: ScreenSample, nowMs: number): BesideScreen {
  const { availableBitsPerSecond: available } = sample;
  if (available === null) return startBesideScreen(sample);
  if (available < needed(state.level, sample)) {
    const { level } = startBesideScreen(sample);
    return { level: Math.min(level, state.level), roomySinceMs: null };
  }
  if (state.level === levels.length - 1 || available < needed(state.level + 1, sample) * margin) {
    return state.roomySinceMs === null ? state : { ...state, roomySinceMs: null };
  }
  const roomySinceMs = state.roomySinceMs ?? nowMs;
  if (nowMs - roomySinceMs < roomyForMs) return { ...state, roomySinceMs };
  return { level: state.level + 1, roomySinceMs: nowMs };
}

/** What the camera may have beside the screen on each connection. */
export function limitsBesideScreen({ level }: BesideScreen): PictureLimits {
  return levels[level] ?? smallest;
}
