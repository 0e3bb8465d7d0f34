import { testDataPlane } from '../data-plane.suite.ts';
import { testClientSockets } from '../suite/client-sockets.suite.ts';
import { testFloodingAllocation } from '../suite/flooding-allocation.suite.ts';
import { DgramPlane } from './dgram-plane.ts';

testDataPlane('dgram', (settings) => new DgramPlane(settings));
testClientSockets('dgram', (settings) => new DgramPlane(settings));
testFloodingAllocation('dgram', (settings) => new DgramPlane(settings));
