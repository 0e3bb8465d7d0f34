import type { PlaneLimits } from '../plane/data-plane.ts';
import type { CrewHost, RelayCrew } from '../plane/linux/relay-crew.ts';
import type { SystemCalls } from '../plane/linux/system-calls.ts';
import { loadWorkerCalls } from './worker-calls.ts';
import type { CrewSize } from './crew-rule.ts';
import { WorkerCrew, type CrewSettings } from './worker-crew.ts';

/** Where the program of a worker is, once the package is built. */
const WORKER_FILE = new URL('./worker-main.js', import.meta.url);

/** What makes a crew for a plane. @throws Error where the calls that workers need are missing. */
export function createCrewMaker(
  size: CrewSize,
  calls: SystemCalls,
  settings: {
    readonly limits: PlaneLimits;
    readonly seed: number;
    readonly logger: CrewSettings['logger'];
    /** The program of a worker, if it is not where the package has it. */
    readonly workerFile?: URL | undefined;
    readonly spreadBytesPerSecond?: number;
  },
): (host: CrewHost) => RelayCrew {
  const { limits, seed, logger, workerFile: file = WORKER_FILE, spreadBytesPerSecond } = settings;
  const { bytesPerSecondPerUser, bytesPerSecondPerRelay = Infinity } = limits;
  const workerCalls = loadWorkerCalls();
  return (host) =>
    new WorkerCrew(host, calls, workerCalls, {
      size,
      file,
      limits: { bytesPerSecondPerUser, bytesPerSecondPerRelay },
      seed,
      logger,
      ...(spreadBytesPerSecond === undefined ? {} : { spreadBytesPerSecond }),
    });
}
