import { median } from '../turn/statistics.mjs';

/** When each thing happens on the way, in milliseconds after Join was pressed, in the round that took the middle time. */
export function describeWay(name, found) {
  const middle = median(found.map(({ ms }) => ms));
  const round = found.toSorted((a, b) => Math.abs(a.ms - middle) - Math.abs(b.ms - middle))[0];
  const { clock, other } = round;
  const lines = [
    ...clock.marks.map(([what, at]) => ({ at, what: `joiner  ${what}` })),
    ...(other?.marks ?? []).map(([what, at]) => ({ at, what: `inside  ${what}` })),
    ...clock.longTasks.map(([at, ms, scripts]) => ({
      at,
      what: `joiner  busy for ${ms} ms: ${JSON.stringify(scripts)}`,
    })),
    { at: clock.decodedAt, what: `joiner  FIRST FRAME ${clock.size}` },
  ];
  return [
    '',
    `${name}: a round of ${round.ms.toFixed(0)} ms`,
    ...lines
      .filter(({ at }) => at >= clock.pressedAt && at <= clock.decodedAt + 1)
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, what }) => `${(at - clock.pressedAt).toFixed(1).padStart(7)}  ${what}`),
  ];
}
