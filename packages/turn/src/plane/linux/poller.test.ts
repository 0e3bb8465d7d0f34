import { arch } from 'node:os';
import { describe, expect, test } from 'vitest';
import { Poller, type Readable } from './poller.ts';
import type { SystemCalls } from './system-calls.ts';

const EVENT = arch() === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
/** As many as one visit to a relay's socket may bring. */
const BATCH = 64;

const unused = (): never => {
  throw new Error('not used here');
};

/** A kernel of queues: epoll gives all that have something, in the order in which they were added. */
function createKernel(): {
  readonly calls: SystemCalls;
  readonly queues: Map<number, { waiting: number }>;
  /** What Node's loop does when there is something. */
  readonly wake: () => void;
} {
  const queues = new Map<number, { waiting: number }>();
  const tokens = new Map<number, number>();
  const blocks: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let next = 0x10000;
  let wake: () => void = unused;
  const viewAt = (at: number): DataView => {
    const block = blocks.find(
      (candidate) => at >= candidate.at && at < candidate.at + candidate.bytes.length,
    );
    if (block === undefined) throw new Error('an address of nothing');
    return new DataView(block.bytes.buffer, block.bytes.byteOffset + at - block.at);
  };
  const calls: SystemCalls = {
    socket: unused,
    bind: unused,
    connect: unused,
    getsockname: unused,
    setsockopt: unused,
    recvmmsg: unused,
    sendmmsg: unused,
    sendto: unused,
    close: () => 0,
    errno: () => 0,
    epollCreate: () => 99,
    epollCtl: (_epoll, _operation, fd, event) => {
      tokens.set(fd, viewAt(event).getUint32(EVENT.data, true));
      queues.set(fd, { waiting: 0 });
      return 0;
    },
    epollWait: (_epoll, events, max) => {
      const ready = [...queues].filter(([, queue]) => queue.waiting > 0).slice(0, max);
      for (const [index, [fd]] of ready.entries())
        viewAt(events + index * EVENT.bytes).setUint32(EVENT.data, tokens.get(fd) ?? 0, true);
      return ready.length;
    },
    addressOf: (bytes) => {
      const at = next;
      blocks.push({ at, bytes });
      next += bytes.length + 0x1000;
      return at;
    },
    watch: (_fd, onReadable) => {
      wake = onReadable;
      return { close: () => undefined };
    },
  };
  return {
    calls,
    queues,
    wake: () => {
      wake();
    },
  };
}

describe('the poller', () => {
  /** Two sockets; of the first one all that was read, in order, is in `visits`. */
  const open = () => {
    const kernel = createKernel();
    const poller = new Poller(kernel.calls);
    const visits: { readonly fd: number; readonly packets: number }[] = [];
    const readable = (fd: number): Readable => ({
      fd,
      receive: () => {
        const queue = kernel.queues.get(fd) ?? { waiting: 0 };
        const packets = Math.min(BATCH, queue.waiting);
        queue.waiting -= packets;
        visits.push({ fd, packets });
        return packets;
      },
    });
    const add = (fd: number): { waiting: number } => {
      poller.add(readable(fd));
      return kernel.queues.get(fd) ?? { waiting: 0 };
    };
    return { kernel, visits, flood: add(5), calm: add(6) };
  };

  test('lets a packet in a calm socket wait for one visit to a flooded one, not for the end of the flood', () => {
    const { kernel, visits, flood, calm } = open();
    flood.waiting = 1_000_000;
    calm.waiting = 1;
    kernel.wake();
    expect(visits.slice(0, 2)).toEqual([
      { fd: 5, packets: BATCH },
      { fd: 6, packets: 1 },
    ]);
  });

  test('gives the rest of the process its turn, however much there is to be read', () => {
    const { kernel, visits, flood } = open();
    flood.waiting = 1_000_000;
    kernel.wake();
    const packets = visits.reduce((sum, visit) => sum + visit.packets, 0);
    expect(packets).toBeGreaterThanOrEqual(2048);
    expect(packets).toBeLessThan(2048 + BATCH);
    expect(flood.waiting).toBe(1_000_000 - packets);
  });

  test('asks once more only where much has come', () => {
    const { kernel, visits, calm } = open();
    calm.waiting = 3;
    kernel.wake();
    expect(visits).toEqual([{ fd: 6, packets: 3 }]);
  });
});
