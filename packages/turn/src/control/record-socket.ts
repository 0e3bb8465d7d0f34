import type { Control } from './control.ts';
import type { NeedsSocket } from './outcome.ts';

/** Takes note of how the data plane fared with a socket that a message needs. */
export function recordSocket(
  control: Control,
  { relay, family }: NeedsSocket,
  result: 'open' | 'refused',
): void {
  const port = control.allocations.findById(relay)?.ports.find((candidate) => candidate.family === family);
  if (port !== undefined) port.socket = result;
}
