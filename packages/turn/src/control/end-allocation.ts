import type { Allocation, RelayedPort } from '../allocation/allocation.ts';
import type { Control } from './control.ts';
import type { Effects, EndCause } from './outcome.ts';

/** Ends an allocation: gives its ports and its place in the quota back. */
export function endAllocation(
  control: Control,
  nowMs: number,
  { allocation, cause }: { readonly allocation: Allocation; readonly cause: EndCause },
): Effects {
  control.allocations.remove(allocation);
  control.quota.release(allocation.owner.account, allocation.client.remote);
  for (const port of allocation.ports) releasePort(control, nowMs, port);
  return {
    changes: [{ kind: 'remove-relay', relay: allocation.id }],
    events: [{ kind: 'allocation-ended', allocation, cause }],
  };
}

/** A port that could not be opened rests too: somebody else has it. */
export function releasePort(control: Control, nowMs: number, { family, port, socket }: RelayedPort): void {
  control.ports.get(family)?.release(port, { hadSocket: socket !== 'none', nowMs });
}
