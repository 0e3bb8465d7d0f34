/** What one connection may send of one picture. */
export interface PictureLimits {
  /** Length of the picture's shorter side: what "720p" names, also for a phone held upright. */
  readonly maxShortSide: number;
  readonly maxFramesPerSecond: number;
  readonly maxBitsPerSecond: number;
}

/** What one connection may send. A picture that is null is not sent at all. */
export interface SendingPlan {
  readonly camera: PictureLimits | null;
  readonly screen: PictureLimits | null;
  /** Null: as much as the browser thinks right. */
  readonly maxAudioBitsPerSecond: number | null;
  /** Each packet of the voice brings the one before it once more. */
  readonly redundantVoice: boolean;
}

/** How large a receiver shows the pictures of this person: the shorter sides in pixels of its screen; 0 for not at all. */
export interface Wanted {
  readonly camera: number;
  readonly screen: number;
}

/** One who receives. `wanted` is null for one who has said nothing, and gets all. */
export interface Receiver<TId> {
  readonly id: TId;
  readonly wanted: Wanted | null;
  /** Whether so much of the voice is lost on the way there that it is worth sending twice. Default: no. */
  readonly losesVoice?: boolean;
}

/** How much less than everything is to be sent, for the sake of the link or of the processor. */
export interface Thrift {
  /** What is left of the bits of each picture, up to 1; 0 stops the pictures. */
  readonly share: number;
  /** No picture's shorter side is longer than this. */
  readonly maxShortSide: number;
  readonly maxAudioBitsPerSecond: number | null;
}

export const noThrift: Thrift = { share: 1, maxShortSide: 4_320, maxAudioBitsPerSecond: null };

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

/** Sizes of a picture, each with the fewest bits it looks well with and the most that still show. */
const sizes: readonly { readonly side: number; readonly leastBits: number; readonly mostBits: number }[] = [
  { side: 180, leastBits: 0, mostBits: 150_000 },
  { side: 270, leastBits: 150_000, mostBits: 300_000 },
  { side: 360, leastBits: 260_000, mostBits: 600_000 },
  { side: 540, leastBits: 500_000, mostBits: 1_100_000 },
  { side: 720, leastBits: 1_000_000, mostBits: 1_700_000 },
];
const smallest = { side: 180, leastBits: 0, mostBits: 150_000 };

/** 320 by 180, or 240 by 180. */
const firstShortSide = 180;

const screenBits = 2_500_000;
const leastScreenBits = 250_000;
/** Below this share of the bits a picture also moves less often. */
const fewFramesShare = 0.3;
const fewFrames = 10;

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
    maxFramesPerSecond: others <= 4 ? 15 : 8,
    maxBitsPerSecond: Math.max(Math.round(screenBits / others), leastScreenBits),
  };
}

/**
 * What each connection may send. Who does not look at a picture gets none of it, and leaves their share to the others.
 *
 * @param besideScreen the most that the camera may have while this person shows a screen; null while none is shown.
 */
export function planSending<TId>(
  receivers: readonly Receiver<TId>[],
  besideScreen: PictureLimits | null,
  thrift: Thrift = noThrift,
): ReadonlyMap<TId, SendingPlan> {
  const lookers = receivers.filter(({ wanted }) => wanted?.camera !== 0).length;
  const screenLookers = receivers.filter(({ wanted }) => wanted?.screen !== 0).length;
  const alone = planCamera(lookers + 1);
  const camera = besideScreen === null || screenLookers === 0 ? alone : lesser(alone, besideScreen);
  const screen = planScreen(screenLookers + 1);
  return new Map(
    receivers.map(({ id, wanted, losesVoice = false }) => [
      id,
      {
        camera: fitCamera(camera, wanted?.camera ?? null, thrift),
        screen: fitScreen(screen, wanted?.screen ?? null, thrift),
        maxAudioBitsPerSecond: thrift.maxAudioBitsPerSecond,
        redundantVoice: losesVoice,
      },
    ]),
  );
}

function lesser(left: PictureLimits, right: PictureLimits): PictureLimits {
  return {
    maxShortSide: Math.min(left.maxShortSide, right.maxShortSide),
    maxFramesPerSecond: Math.min(left.maxFramesPerSecond, right.maxFramesPerSecond),
    maxBitsPerSecond: Math.min(left.maxBitsPerSecond, right.maxBitsPerSecond),
  };
}

function fitCamera(base: PictureLimits, wantedSide: number | null, thrift: Thrift): PictureLimits | null {
  if (wantedSide === 0 || thrift.share === 0) return null;
  const most = Math.min(base.maxShortSide, thrift.maxShortSide);
  // The next size up: a tile of 200 shows a picture of 270 better than one of 180.
  const shown = sizes.find(({ side }) => side >= Math.min(wantedSide ?? most, most)) ?? smallest;
  const bits = Math.round(Math.min(base.maxBitsPerSecond, shown.mostBits) * thrift.share);
  const affordable = sizes.findLast(({ leastBits }) => bits >= leastBits) ?? smallest;
  return {
    maxShortSide: Math.min(most, shown.side, affordable.side),
    maxFramesPerSecond: framesOf(base, thrift),
    maxBitsPerSecond: bits,
  };
}

function fitScreen(base: PictureLimits, wantedSide: number | null, thrift: Thrift): PictureLimits | null {
  if (wantedSide === 0 || thrift.share === 0) return null;
  return {
    ...base,
    maxFramesPerSecond: framesOf(base, thrift),
    maxBitsPerSecond: Math.max(Math.round(base.maxBitsPerSecond * thrift.share), 100_000),
  };
}

function framesOf(base: PictureLimits, { share }: Thrift): number {
  return share < fewFramesShare ? Math.min(base.maxFramesPerSecond, fewFrames) : base.maxFramesPerSecond;
}

/**
 * The same picture for the first moment of a connection. Browsers begin with a guess of 300 kbit/s. What is too large for that
 * they drop and make smaller in steps, each of which costs the time of a frame, before anything is sent (libwebrtc's
 * initial frame dropper: more than 640x480 below 500 kbit/s). A small picture goes at once, and both the encoder and
 * the decoder make short work of 320x180.
 */
export function beginSmall(limits: PictureLimits): PictureLimits {
  return { ...limits, maxShortSide: Math.min(limits.maxShortSide, firstShortSide) };
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
