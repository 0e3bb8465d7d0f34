import type {
  LinkStatistics,
  StreamsStatistics,
  StreamStatistics,
  UplinkState,
} from '../statistics-types.ts';
import type { SendingPlan } from './sending-plan.ts';
import { lastPictureStep, tooNarrow, type Uplink, type UplinkSample } from './uplink.ts';

const streamsOf = ({ audio, camera, screen, screenAudio }: StreamsStatistics): readonly StreamStatistics[] =>
  [audio, camera, screen, screenAudio].filter((stream) => stream !== null);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Voice and the smallest picture that is still worth sending. */
const leastBitsPerPerson = 190_000;
const voiceBits = 40_000;

/** Puts together what all connections show of this person's way up. */
export function sampleUplink(
  links: readonly LinkStatistics[],
  plans: readonly SendingPlan[],
  sending: { readonly camera: boolean; readonly screen: boolean },
): UplinkSample {
  const streams = links.flatMap(({ sent }) => streamsOf(sent));
  const reported = streams.filter(({ lossShare }) => lossShare !== null);
  const weight = sum(reported.map(({ bitsPerSecond }) => bitsPerSecond));
  const lost = sum(reported.map(({ bitsPerSecond, lossShare }) => bitsPerSecond * (lossShare ?? 0)));
  const available = links.map(({ availableBitsPerSecond }) => availableBitsPerSecond);
  const delays = links.map(({ roundTripMs }) => roundTripMs).filter((delay) => delay !== null);
  return {
    // By weight: one who loses much on the way down to them is no reason to send less to all.
    lossShare: weight === 0 ? null : lost / weight,
    availableBitsPerSecond: available.includes(null) ? null : sum(available.map((bits) => bits ?? 0)),
    plannedBitsPerSecond: sum(
      plans.map(
        ({ camera, screen }) =>
          (sending.camera ? (camera?.maxBitsPerSecond ?? 0) : 0) +
          (sending.screen ? (screen?.maxBitsPerSecond ?? 0) : 0) +
          voiceBits,
      ),
    ),
    roundTripMs: delays.length === 0 ? null : Math.min(...delays),
    isProcessorShort: streams.some(({ limitedBy }) => limitedBy === 'processor'),
  };
}

/**
 * Whether one person more would be too much: the browser believes in too little for it, and in much less than is to be sent now.
 * Of a picture that is easy to encode it does not say that the link holds it back, however narrow that is.
 */
export function isTight(
  links: readonly LinkStatistics[],
  { availableBitsPerSecond, plannedBitsPerSecond }: UplinkSample,
): boolean {
  // Where no picture is sent, nobody has tried what the link can carry.
  const isTried = links.some(({ sent }) => sent.camera !== null || sent.screen !== null);
  return (
    isTried &&
    availableBitsPerSecond !== null &&
    availableBitsPerSecond < plannedBitsPerSecond * tooNarrow &&
    availableBitsPerSecond < (links.length + 1) * leastBitsPerPerson
  );
}

/** How many looks in a row must find it tight. At first browsers know nothing of a link, and begin with a low guess. */
export const tightLooks = 5;

export function describeUplink({ step }: Uplink, tightFor: number): UplinkState {
  if (step > lastPictureStep) return 'voice-only';
  // Also where less is sent already: who can do something about it has to know.
  if (tightFor >= tightLooks) return 'tight';
  return step > 0 ? 'saving' : 'good';
}
