import { noThrift, type Thrift } from './sending-plan.ts';

/** What was seen of this person's way up since the last look, over all connections. */
export interface UplinkSample {
  /** Share of packets that did not arrive, 0 to 1; null where nobody has reported. */
  readonly lossShare: number | null;
  /** What the browser believes the way up can carry; null where it does not tell. */
  readonly availableBitsPerSecond: number | null;
  /** What the plan would send of everything. */
  readonly plannedBitsPerSecond: number;
  /** Delay there and back of the best connection, in ms; null when unknown. */
  readonly roundTripMs: number | null;
  /** True while the processor cannot keep up with the pictures. */
  readonly isProcessorShort: boolean;
}

/** Where this person's sending stands, and since when. */
export interface Uplink {
  /** 0: all is sent. Each step more sends less. */
  readonly step: number;
  /** The same for the size of pictures, for the sake of the processor. */
  readonly processorStep: number;
  readonly badSinceMs: number | null;
  readonly goodSinceMs: number | null;
  readonly shortSinceMs: number | null;
  /** When it last sent more than before. */
  readonly wentUpAtMs: number;
  /** How long it must be good before the next step up: longer each time that a step up was too much. */
  readonly patienceMs: number;
  /** The person wants pictures sent whatever it costs, until then. */
  readonly keepPicturesUntilMs: number;
}

/** From everything to the voice alone: first fewer bits, then fewer frames too, then no pictures, then a thinner voice. */
export const thriftSteps: readonly Thrift[] = [
  noThrift,
  { ...noThrift, share: 0.6 },
  { ...noThrift, share: 0.35 },
  { ...noThrift, share: 0.18 },
  { ...noThrift, share: 0 },
  { ...noThrift, share: 0, maxAudioBitsPerSecond: 20_000 },
];
/** The last step that still sends pictures. */
export const lastPictureStep = 3;
const processorSides: readonly number[] = [4_320, 540, 360, 180];

const badLoss = 0.08;
const terribleLoss = 0.2;
const goodLoss = 0.02;
/** Below this share of what is planned, the way up is too narrow for it. */
export const tooNarrow = 0.6;
const badForMs = 4_000;
const terribleForMs = 2_000;
const shortForMs = 10_000;
const firstPatienceMs = 10_000;
const longestPatienceMs = 120_000;
/** A step up that turns bad within this time was too much. */
const tooSoonMs = 10_000;
const keepPicturesMs = 120_000;

export function createUplink(): Uplink {
  return {
    step: 0,
    processorStep: 0,
    badSinceMs: null,
    goodSinceMs: null,
    shortSinceMs: null,
    wentUpAtMs: Number.NEGATIVE_INFINITY,
    patienceMs: firstPatienceMs,
    keepPicturesUntilMs: 0,
  };
}

/** What to send of everything, as it stands. */
export function thriftOf({ step, processorStep }: Uplink): Thrift {
  const thrift = thriftSteps[step] ?? noThrift;
  return { ...thrift, maxShortSide: processorSides[processorStep] ?? 180 };
}

/** The person would rather be seen badly than not at all: for a while, pictures are not stopped. */
export function keepPictures(uplink: Uplink, nowMs: number): Uplink {
  return {
    ...uplink,
    step: Math.min(uplink.step, lastPictureStep),
    badSinceMs: null,
    goodSinceMs: null,
    keepPicturesUntilMs: nowMs + keepPicturesMs,
  };
}

/** One look at the way up. Goes down by one step at a time, quickly, and up slowly. */
export function stepUplink(uplink: Uplink, sample: UplinkSample, nowMs: number): Uplink {
  return stepLink(stepProcessor(uplink, sample, nowMs), sample, nowMs);
}

function stepLink(uplink: Uplink, sample: UplinkSample, nowMs: number): Uplink {
  const loss = sample.lossShare ?? 0;
  const isNarrow =
    sample.availableBitsPerSecond !== null &&
    sample.availableBitsPerSecond < sample.plannedBitsPerSecond * tooNarrow;
  if (loss > badLoss || (isNarrow && loss > goodLoss)) return goDown(uplink, loss, nowMs);
  if (loss < goodLoss && !isNarrow) return goUp(uplink, nowMs);
  // Neither bad nor good enough to try more.
  return { ...uplink, badSinceMs: null, goodSinceMs: null };
}

function goDown(uplink: Uplink, loss: number, nowMs: number): Uplink {
  const badSinceMs = uplink.badSinceMs ?? nowMs;
  const waiting: Uplink = { ...uplink, badSinceMs, goodSinceMs: null };
  const lowest = nowMs < uplink.keepPicturesUntilMs ? lastPictureStep : thriftSteps.length - 1;
  const enough = nowMs - badSinceMs >= (loss > terribleLoss ? terribleForMs : badForMs);
  if (!enough || uplink.step >= lowest) return waiting;
  const wasTooMuch = badSinceMs - uplink.wentUpAtMs < tooSoonMs;
  return {
    ...waiting,
    step: uplink.step + 1,
    badSinceMs: nowMs,
    wentUpAtMs: Number.NEGATIVE_INFINITY,
    patienceMs: wasTooMuch ? Math.min(uplink.patienceMs * 2, longestPatienceMs) : uplink.patienceMs,
  };
}

function goUp(uplink: Uplink, nowMs: number): Uplink {
  const goodSinceMs = uplink.goodSinceMs ?? nowMs;
  const waiting: Uplink = { ...uplink, badSinceMs: null, goodSinceMs };
  if (uplink.step === 0) {
    // Well for a long time: the next trouble is another one.
    const isOver = nowMs - goodSinceMs > longestPatienceMs;
    return isOver ? { ...waiting, patienceMs: firstPatienceMs } : waiting;
  }
  if (nowMs - goodSinceMs < uplink.patienceMs) return waiting;
  return { ...waiting, step: uplink.step - 1, goodSinceMs: nowMs, wentUpAtMs: nowMs };
}

/** The processor gives way in sizes, and never by itself gets them back: what was too much once will be so again. */
function stepProcessor(uplink: Uplink, { isProcessorShort }: UplinkSample, nowMs: number): Uplink {
  if (!isProcessorShort) return uplink.shortSinceMs === null ? uplink : { ...uplink, shortSinceMs: null };
  const shortSinceMs = uplink.shortSinceMs ?? nowMs;
  if (nowMs - shortSinceMs < shortForMs || uplink.processorStep >= processorSides.length - 1) {
    return { ...uplink, shortSinceMs };
  }
  return { ...uplink, processorStep: uplink.processorStep + 1, shortSinceMs: nowMs };
}
