import { platform } from 'node:os';
import { describe } from 'vitest';
import { testDataPlane } from '../data-plane.suite.ts';
import { testClientSockets } from '../suite/client-sockets.suite.ts';
import { testFloodingAllocation } from '../suite/flooding-allocation.suite.ts';
import { LinuxPlane } from './linux-plane.ts';
import { loadSystemCalls } from './system-calls.ts';

// Its system calls are Linux's.
describe.skipIf(platform() !== 'linux')('on Linux', () => {
  const createPlane = (settings: ConstructorParameters<typeof LinuxPlane>[0]): LinuxPlane =>
    new LinuxPlane(settings, loadSystemCalls());

  testDataPlane('linux', createPlane);
  testClientSockets('linux', createPlane);
  testFloodingAllocation('linux', createPlane);
});
