import { platform } from 'node:os';
import { describe, expect, test } from 'vitest';
import { octetsOf, writeChannelData } from '../../testing/media.ts';
import type { DataPlane, DataPlaneSettings } from '../data-plane.ts';
import { CHANNEL, createPlaneScene, PEER } from './plane-scene.ts';

/** As many small ones as the smallest usual receive buffer of Linux holds. */
const WAITING = 250;

/** One process carries all: who floods must not be in the way of who does not. */
export function testFloodingAllocation(
  name: string,
  createPlane: (settings: DataPlaneSettings) => DataPlane,
): void {
  // Elsewhere clients have no sockets of their own, in which what they send could wait apart.
  describe.skipIf(platform() !== 'linux')(`an allocation of the ${name} data plane that floods`, () => {
    const scene = createPlaneScene(createPlane);

    test('does not make a calm one wait for all that it has sent before', async () => {
      const peer = await scene.open(PEER);
      const [flooding, calm] = [await scene.udpClient(), await scene.udpClient()];
      for (const client of [flooding, calm]) {
        expect(scene.plane.openSocket(client.relay, 4)).toBe('open');
        scene.permit(client.relay, PEER);
        scene.bind(client.relay, peer.address);
      }
      // All of it waits in the server's sockets before the server looks: this is one turn of the loop.
      for (let count = 0; count < WAITING; count += 1)
        flooding.send(writeChannelData(CHANNEL, octetsOf('flood')));
      calm.send(writeChannelData(CHANNEL, octetsOf('calm')));
      const before: string[] = [];
      while (before.at(-1) !== 'calm') before.push(Buffer.from((await peer.next()).octets).toString());
      // One visit to the flooded socket goes first, or two; in one queue it would have been the last.
      expect(before.length).toBeLessThan(WAITING * 0.6);
      expect(before.length).toBeGreaterThan(1);
    });
  });
}
