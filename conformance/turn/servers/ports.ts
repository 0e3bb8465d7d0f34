import type { SmallLimits } from '../turn-target.ts';

/** Loopback ports of the servers under test; the test files run one after another, so nothing here meets itself. */
export const PORTS = {
  callbox: { listen: 21_078, relay: { min: 21_200, max: 21_399 } },
  coturn: { listen: 21_080, relay: { min: 21_400, max: 21_599 } },
  testerPeer: 21_900,
} as const;

/** The range of relayed ports, or the beginning of it where there shall be few. */
export function limitedRange(
  { min, max }: { readonly min: number; readonly max: number },
  { relayPorts }: SmallLimits,
): { readonly min: number; readonly max: number } {
  return { min, max: relayPorts === undefined ? max : min + relayPorts - 1 };
}
