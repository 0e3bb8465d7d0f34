import type { DataPlane, DataPlaneSettings } from '../plane/data-plane.ts';
import { DgramPlane } from '../plane/dgram/dgram-plane.ts';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import { probeLinux, type LinuxProbe } from '../plane/linux/probe-linux.ts';
import { TurnOptionsError } from './turn-options-error.ts';
import type { PlaneChoice, PlaneName } from './turn-server-options.ts';

/** The plane, and how it came to be chosen. */
export interface ChosenPlane {
  readonly name: PlaneName;
  readonly plane: DataPlane;
  /** For the log: what the kernel offers, or why it is not the other one. */
  readonly details: Readonly<Record<string, boolean | string>>;
}

/**
 * Makes the data plane.
 *
 * @throws TurnOptionsError when `linux` is demanded and does not work here.
 */
export function choosePlane(
  choice: PlaneChoice,
  settings: DataPlaneSettings,
  probe: () => LinuxProbe = probeLinux,
): ChosenPlane {
  if (choice === 'dgram') {
    return { name: 'dgram', plane: new DgramPlane(settings), details: { reason: 'it was asked for' } };
  }
  const found = probe();
  if (found.ok) {
    const { calls, sendsRuns, readsRuns } = found;
    return { name: 'linux', plane: new LinuxPlane(settings, calls), details: { sendsRuns, readsRuns } };
  }
  if (choice === 'linux') {
    throw new TurnOptionsError(
      'PLANE_NOT_AVAILABLE',
      `the linux data plane does not work here: ${found.reason}`,
    );
  }
  return { name: 'dgram', plane: new DgramPlane(settings), details: { reason: found.reason } };
}
