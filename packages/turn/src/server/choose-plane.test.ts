import { platform } from 'node:os';
import { expect, test } from 'vitest';
import type { DataPlaneSettings } from '../plane/data-plane.ts';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import { choosePlane } from './choose-plane.ts';

const settings: DataPlaneSettings = {
  own: createOwnAddresses({ relay: [], machine: [], servicePorts: new Set() }),
  limits: { clientSockets: 0, bytesPerSecondPerUser: Infinity },
  nowMs: () => 0,
  seed: 1,
  onMessage: () => undefined,
};
const inVain = { ok: false, reason: 'no koffi' } as const;

test.skipIf(platform() !== 'linux')(
  'where it works, the linux plane is chosen unless it is forbidden',
  async () => {
    for (const [choice, name] of [
      ['auto', 'linux'],
      ['linux', 'linux'],
      ['dgram', 'dgram'],
    ] as const) {
      const chosen = choosePlane(choice, settings);
      expect(chosen.name).toBe(name);
      await chosen.plane.close();
    }
  },
);

test('where it does not work, the portable one is chosen, and why is said', () => {
  expect(choosePlane('auto', settings, () => inVain)).toMatchObject({
    name: 'dgram',
    details: { reason: 'no koffi' },
  });
});

test('where it is demanded and does not work, nothing is started', () => {
  expect(() => choosePlane('linux', settings, () => inVain)).toThrow(
    expect.objectContaining({
      code: 'PLANE_NOT_AVAILABLE',
      message: expect.stringContaining('no koffi') as string,
    }),
  );
});

test('who forbids it is not asked whether it would work', () => {
  const probe = (): never => {
    throw new Error('unreachable');
  };
  expect(choosePlane('dgram', settings, probe).name).toBe('dgram');
});
