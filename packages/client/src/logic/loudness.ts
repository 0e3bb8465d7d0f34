const silenceDecibels = -60;
const fullDecibels = -12;

/** How loud an amplitude between 0 and 1 sounds, from 0 to 1: ears hear decibels. */
export function loudnessOf(amplitude: number): number {
  const decibels = 20 * Math.log10(amplitude);
  const level = (decibels - silenceDecibels) / (fullDecibels - silenceDecibels);
  return level > 0 ? Math.min(level, 1) : 0;
}

/** The root mean square of samples between -1 and 1. */
export function amplitudeOf(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
  }
  return Math.sqrt(sum / samples.length);
}
