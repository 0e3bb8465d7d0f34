import { describe } from 'vitest';
import type { DataPlane, DataPlaneSettings } from './data-plane.ts';
import { testCircles } from './suite/circles.suite.ts';
import { testClientsAndControl } from './suite/clients-and-control.suite.ts';
import { testConnections } from './suite/connections.suite.ts';
import { testJoinedRelays } from './suite/joined-relays.suite.ts';
import { testPeersOutside } from './suite/peers-outside.suite.ts';
import { createPlaneScene } from './suite/plane-scene.ts';
import { testRates } from './suite/rates.suite.ts';
import { testRelaySockets } from './suite/relay-sockets.suite.ts';

/** What every data plane must do. Run on each implementation, over loopback. */
export function testDataPlane(name: string, createPlane: (settings: DataPlaneSettings) => DataPlane): void {
  describe(`the ${name} data plane`, () => {
    const scene = createPlaneScene(createPlane);
    testClientsAndControl(scene);
    testPeersOutside(scene);
    testRelaySockets(scene);
    testJoinedRelays(scene);
    testRates(scene);
    testCircles(scene);
    testConnections(scene);
  });
}
