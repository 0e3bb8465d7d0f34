import { performance } from 'node:perf_hooks';
import { hrtime } from 'node:process';

/** Between the looks at two clocks somebody else may have the processor; hardly each time. */
const LOOKS = 5;

/** What this process's clock shows when the monotonic clock of the system, which all processes share, shows zero. */
export function systemClockOffsetMs(): number {
  const offsets = Array.from({ length: LOOKS }, () => {
    const ownMs = performance.now();
    const [seconds, nanoseconds] = hrtime();
    return ownMs - (seconds * 1000 + nanoseconds / 1e6);
  });
  return Math.max(...offsets);
}
