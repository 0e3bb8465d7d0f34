import type { Control } from './control.ts';

/** What a client gets that asked for some lifetime, or for none: between default and maximum (RFC 8656 §7.2, §8.2). */
export function grantedLifetimeSeconds(control: Control, askedSeconds: number | undefined): number {
  const { defaultAllocationSeconds, maxAllocationSeconds } = control.settings.lifetimes;
  const wanted = Math.max(askedSeconds ?? 0, defaultAllocationSeconds);
  return Math.min(wanted, maxAllocationSeconds);
}
