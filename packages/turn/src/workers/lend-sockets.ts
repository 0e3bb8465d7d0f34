import type { Relay } from '../plane/forwarding/relay.ts';
import { LinuxClient } from '../plane/linux/linux-client.ts';
import { LinuxRelaySocket } from '../plane/linux/linux-relay-socket.ts';
import type { LinuxSocket } from '../plane/linux/linux-sockets.ts';
import type { LentSocket } from './worker-command.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** All that a relay may have. */
export const ALL_SOCKETS: readonly LentSocket[] = ['client', 4, 6];

function socketsOf(
  relay: Relay,
  wanted: readonly LentSocket[],
): readonly (readonly [LentSocket, LinuxSocket])[] {
  return wanted.flatMap((of) => {
    const holder = of === 'client' ? relay.client : relay.socketOf(of);
    const socket =
      holder instanceof LinuxClient || holder instanceof LinuxRelaySocket ? holder.socket : undefined;
    return socket === undefined ? [] : [[of, socket] as const];
  });
}

/** The plane leaves reading to the worker; it goes on sending through them when it has something to say. */
export function lendSockets(slot: WorkerSlot, relay: Relay, wanted: readonly LentSocket[]): void {
  const sockets = socketsOf(relay, wanted);
  for (const [, socket] of sockets) socket.pause();
  slot.tell(
    {
      kind: 'lend',
      relay: relay.id,
      sockets: sockets.map(([of, { dropped }]) => ({ of, droppedBefore: dropped })),
    },
    sockets.map(([, socket]) => socket),
  );
}

/** The plane reads them again itself. */
export function takeBackSockets(relay: Relay): void {
  for (const [, socket] of socketsOf(relay, ALL_SOCKETS)) socket.resume();
}
