import type { PlaneCounters } from '../plane-counters.ts';
import type { LinuxParts } from './linux-sockets.ts';
import { PacketArena } from './packet-arena.ts';
import { Poller } from './poller.ts';
import { ReceiveBatch } from './receive-batch.ts';
import { SendBatch } from './send-batch.ts';
import type { SystemCalls } from './system-calls.ts';
import { UDP_SEGMENT, UdpSockets } from './udp-sockets.ts';

/** What the sockets of one thread share, wherever it runs: in the server itself or in a worker. */
export function createLinuxParts(calls: SystemCalls, counters: PlaneCounters): LinuxParts {
  const sockets = new UdpSockets(calls);
  const arena = new PacketArena(calls);
  return {
    sockets,
    arena,
    counters,
    poller: new Poller(calls),
    incoming: new ReceiveBatch(calls, arena),
    outgoing: new SendBatch(calls, { arena, counters, canSegment: sockets.hasOption(UDP_SEGMENT) }),
  };
}
