import { testDataPlane } from '../data-plane.suite.ts';
import { DgramPlane } from './dgram-plane.ts';

testDataPlane('dgram', (settings) => new DgramPlane(settings));
