import { platform } from 'node:os';
import { afterAll, beforeAll, describe } from 'vitest';
import { testDataPlane } from '../plane/data-plane.suite.ts';
import type { DataPlaneSettings } from '../plane/data-plane.ts';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import { loadSystemCalls } from '../plane/linux/system-calls.ts';
import { testClientSockets } from '../plane/suite/client-sockets.suite.ts';
import { bundleWorker, type WorkerBundle } from '../testing/worker-bundle.ts';
import { loadWorkerCalls } from './worker-calls.ts';
import { WorkerCrew } from './worker-crew.ts';

// The system calls are Linux's.
describe.skipIf(platform() !== 'linux')('with workers', () => {
  let bundle: WorkerBundle;
  beforeAll(async () => {
    bundle = await bundleWorker();
  });
  afterAll(() => bundle.remove());

  const createPlane = (settings: DataPlaneSettings): LinuxPlane => {
    const calls = loadSystemCalls();
    const { bytesPerSecondPerUser, bytesPerSecondPerRelay = Infinity } = settings.limits;
    return new LinuxPlane(
      settings,
      calls,
      (host) =>
        new WorkerCrew(host, calls, loadWorkerCalls(), {
          size: { kind: 'fixed', workers: 2 },
          file: bundle.file,
          limits: { bytesPerSecondPerUser, bytesPerSecondPerRelay },
          seed: 1,
          logger: { info: () => undefined, warn: () => undefined },
        }),
    );
  };
  testDataPlane('linux', createPlane);
  testClientSockets('linux', createPlane);
});
