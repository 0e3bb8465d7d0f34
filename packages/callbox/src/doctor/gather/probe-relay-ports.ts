import { tryUdp } from './probe-ports.ts';

const sample = 16;

/** Tries to open some of the relay's ports, spread over the range; on a small one, all. */
export async function probeRelayPorts(
  range: { readonly min: number; readonly max: number },
  address: string,
): Promise<{ readonly tried: number; readonly failed: number; readonly reason: string }> {
  const count = range.max - range.min + 1;
  const tried = Math.min(sample, count);
  let failed = 0;
  let reason = '';
  for (let index = 0; index < tried; index += 1) {
    const failure = await tryUdp(range.min + Math.floor((index * count) / tried), address);
    if (failure === undefined) continue;
    failed += 1;
    reason = failure;
  }
  return { tried, failed, reason };
}
