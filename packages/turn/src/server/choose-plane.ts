import type { DataPlane, DataPlaneSettings } from '../plane/data-plane.ts';
import { DgramPlane } from '../plane/dgram/dgram-plane.ts';
import { LinuxPlane } from '../plane/linux/linux-plane.ts';
import type { WorkerShare } from '../plane/linux/relay-crew.ts';
import { probeLinux, type LinuxProbe } from '../plane/linux/probe-linux.ts';
import { TurnOptionsError } from './turn-options-error.ts';
import { createCrewMaker } from '../workers/create-crew.ts';
import type { CrewSize } from '../workers/crew-rule.ts';
import type { Logger, PlaneChoice, PlaneName } from './turn-server-options.ts';

const nobody = (): readonly WorkerShare[] => [];

/** The plane, and how it came to be chosen. */
export interface ChosenPlane {
  readonly name: PlaneName;
  readonly plane: DataPlane;
  /** Other processes that carry packets, at this moment. */
  readonly workers: () => readonly WorkerShare[];
  /** For the log: what the kernel offers, or why it is not the other one. */
  readonly details: Readonly<Record<string, boolean | string>>;
}

/** How many other processes carry packets, if any do, and who hears of their fate. */
export interface Crew {
  readonly workers: CrewSize | undefined;
  readonly logger: Logger;
}

/**
 * Makes the data plane. Where workers cannot be had it does without.
 *
 * @throws TurnOptionsError when `linux` is demanded and does not work here.
 */
export function choosePlane(
  choice: PlaneChoice,
  settings: DataPlaneSettings,
  probe: () => LinuxProbe = probeLinux,
  crew?: Crew,
): ChosenPlane {
  if (choice === 'dgram') {
    return {
      name: 'dgram',
      plane: new DgramPlane(settings),
      workers: nobody,
      details: { reason: 'it was asked for' },
    };
  }
  const found = probe();
  if (found.ok) {
    const { calls, sendsRuns, readsRuns } = found;
    const details = { sendsRuns, readsRuns };
    if (crew?.workers === undefined)
      return { name: 'linux', plane: new LinuxPlane(settings, calls), workers: nobody, details };
    try {
      const { workers, logger } = crew;
      const plane = new LinuxPlane(settings, calls, createCrewMaker(workers, calls, { ...settings, logger }));
      const shares = (): readonly WorkerShare[] => plane.workers();
      return {
        name: 'linux',
        plane,
        workers: shares,
        details: { ...details, workers: sizeInWords(workers) },
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        name: 'linux',
        plane: new LinuxPlane(settings, calls),
        workers: nobody,
        details: { ...details, workers: `none: ${reason}` },
      };
    }
  }
  if (choice === 'linux') {
    throw new TurnOptionsError(
      'PLANE_NOT_AVAILABLE',
      `the linux data plane does not work here: ${found.reason}`,
    );
  }
  return {
    name: 'dgram',
    plane: new DgramPlane(settings),
    workers: nobody,
    details: { reason: found.reason },
  };
}

function sizeInWords(size: CrewSize): string {
  return size.kind === 'fixed' ? String(size.workers) : `up to ${size.most}, when there is much to do`;
}
