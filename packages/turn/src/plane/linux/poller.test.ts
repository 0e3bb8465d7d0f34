import { arch } from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Poller, type Readable } from './poller.ts';
import type { SystemCalls } from './system-calls.ts';

const EVENT = arch() === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
/** As many as one visit to a relay's socket may bring. */
const BATCH = 64;
const EPOLL_CTL_DEL = 2;
const EPOLLET = 0x80000000;
const PERIOD_MS = 8;
const CLOCK_MS = 2;

const unused = (): never => {
  throw new Error('not used here');
};

/** Datagrams that wait in a socket. */
class Queue {
  /** It has been told of those, where that is done once. */
  isTold = false;
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  set waiting(packets: number) {
    if (packets > this.#waiting) this.isTold = false;
    this.#waiting = packets;
  }
}

/** A kernel of queues: epoll gives all that have something, in the order in which they were added. */
function createKernel(): {
  readonly calls: SystemCalls;
  readonly queues: Map<number, Queue>;
  /** What Node's loop does when there is something. */
  readonly wake: () => void;
  /** What happens while a turn waits a little, each time. */
  readonly onWait: (() => void)[];
} {
  const queues = new Map<number, Queue>();
  const tokens = new Map<number, number>();
  const toldOnce = new Set<number>();
  const blocks: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const onWait: (() => void)[] = [];
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
    close: () => 0,
    errno: () => 0,
    epollCreate: () => 99,
    epollCtl: (_epoll, operation, fd, event) => {
      if (operation === EPOLL_CTL_DEL) return tokens.delete(fd) ? 0 : -1;
      tokens.set(fd, viewAt(event).getUint32(EVENT.data, true));
      if (viewAt(event).getUint32(0, true) >= EPOLLET) toldOnce.add(fd);
      const queue = queues.get(fd) ?? new Queue();
      queue.isTold = false;
      queues.set(fd, queue);
      return 0;
    },
    epollWait: (_epoll, events, max, timeoutMs) => {
      if (timeoutMs > 0) onWait.shift()?.();
      const ready = [...queues].filter(
        ([fd, { waiting, isTold }]) => tokens.has(fd) && waiting > 0 && !(toldOnce.has(fd) && isTold),
      );
      const told = ready.slice(0, max);
      for (const [index, [fd, queue]] of told.entries()) {
        queue.isTold = true;
        viewAt(events + index * EVENT.bytes).setUint32(EVENT.data, tokens.get(fd) ?? 0, true);
      }
      return told.length;
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
    onWait,
    wake: () => {
      wake();
    },
  };
}

/** Sockets of a poller; what was read of them, in order, is in `visits`. */
function createScene(): {
  readonly poller: Poller;
  readonly visits: { readonly fd: number; readonly packets: number }[];
  readonly add: (fd: number, pacedBatch?: number) => Queue & { readonly token: number };
  readonly wake: () => void;
  readonly onWait: (() => void)[];
} {
  const kernel = createKernel();
  const poller = new Poller(kernel.calls);
  const visits: { readonly fd: number; readonly packets: number }[] = [];
  const readable = (fd: number, pacedBatch: number | undefined): Readable => ({
    fd,
    pacedBatch,
    receive: () => {
      const queue = kernel.queues.get(fd) ?? new Queue();
      const packets = Math.min(BATCH, queue.waiting);
      queue.waiting -= packets;
      visits.push({ fd, packets });
      return packets;
    },
  });
  return {
    poller,
    visits,
    add: (fd, pacedBatch) => {
      const token = poller.add(readable(fd, pacedBatch));
      return Object.assign(kernel.queues.get(fd) ?? new Queue(), { token });
    },
    wake: kernel.wake,
    onWait: kernel.onWait,
  };
}

describe('the poller', () => {
  const open = () => {
    const scene = createScene();
    return { ...scene, flood: scene.add(5), calm: scene.add(6) };
  };

  test('lets a packet in a calm socket wait for one visit to a flooded one, not for the end of the flood', () => {
    const { wake, visits, flood, calm } = open();
    flood.waiting = 1_000_000;
    calm.waiting = 1;
    wake();
    expect(visits.slice(0, 2)).toEqual([
      { fd: 5, packets: BATCH },
      { fd: 6, packets: 1 },
    ]);
  });

  test('gives the rest of the process its turn, however much there is to be read', () => {
    const { wake, visits, flood } = open();
    flood.waiting = 1_000_000;
    wake();
    const packets = visits.reduce((sum, visit) => sum + visit.packets, 0);
    expect(packets).toBeGreaterThanOrEqual(2048);
    expect(packets).toBeLessThan(2048 + BATCH);
    expect(flood.waiting).toBe(1_000_000 - packets);
  });

  test('asks once more only where much has come', () => {
    const { wake, visits, calm } = open();
    calm.waiting = 3;
    wake();
    expect(visits).toEqual([{ fd: 6, packets: 3 }]);
  });
});

describe('the poller of media', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('reads all of what it is told of once, though a visit brings only a part', () => {
    const { wake, visits, add } = createScene();
    const queue = add(5, BATCH);
    queue.waiting = 2 * BATCH + 10;
    wake();
    expect(visits.map(({ packets }) => packets)).toEqual([BATCH, BATCH, 10]);
    wake();
    expect(visits).toHaveLength(3);
    queue.waiting = 1;
    wake();
    expect(visits).toHaveLength(4);
  });

  /** One socket, which has had so many packets in the period before. */
  const openAfter = (packets: number) => {
    const scene = createScene();
    const queue = scene.add(5, BATCH);
    queue.waiting = packets;
    scene.wake();
    vi.advanceTimersByTime(PERIOD_MS);
    scene.visits.length = 0;
    const comesAfter = (ms: number) => (): void => {
      vi.advanceTimersByTime(ms);
      queue.waiting += 1;
    };
    return { ...scene, queue, comesAfter };
  };

  test('waits for the next packets in the same turn where they come steadily, for a millisecond in all', () => {
    const { wake, visits, queue, onWait, comesAfter } = openAfter(40);
    onWait.push(comesAfter(0.4), comesAfter(0.4), comesAfter(0.4), comesAfter(0.4));
    queue.waiting = 1;
    wake();
    expect(visits).toHaveLength(4);
    expect(onWait).toHaveLength(1);
  });

  test('ends the turn after three waits more where they have become rare', () => {
    const { wake, visits, queue, onWait, comesAfter } = openAfter(40);
    onWait.push(...Array.from({ length: 9 }, () => comesAfter(3.9)));
    queue.waiting = 1;
    wake();
    expect(visits).toHaveLength(4);
  });

  test('ends the turn when none comes soon', () => {
    const { wake, visits, queue, onWait, comesAfter } = openAfter(40);
    onWait.push(() => undefined, comesAfter(0));
    queue.waiting = 1;
    wake();
    expect(visits).toHaveLength(1);
    expect(onWait).toHaveLength(1);
  });

  test.each([39, 320])('does not wait where %i packets came in a period', (packets) => {
    const { wake, queue, onWait, comesAfter } = openAfter(packets);
    onWait.push(comesAfter(0.1));
    queue.waiting = 1;
    wake();
    expect(onWait).toHaveLength(1);
  });
});

describe('the poller of a busy process', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Three sockets, of which the first has been dense long enough to be read by the clock. */
  const open = () => {
    const scene = createScene();
    const { wake, visits } = scene;
    const [dense, calm, prompt] = [scene.add(5, BATCH), scene.add(6, BATCH), scene.add(7)];
    const bring = (queue: Queue, packets: number): void => {
      queue.waiting = packets;
      wake();
    };
    bring(prompt, 400);
    vi.advanceTimersByTime(PERIOD_MS);
    bring(dense, BATCH);
    visits.length = 0;
    return { ...scene, dense, calm, prompt, bring };
  };
  const passPeriod = (scene: ReturnType<typeof open>, packets: number): void => {
    scene.bring(scene.prompt, packets);
    vi.advanceTimersByTime(PERIOD_MS);
    scene.visits.length = 0;
  };

  test('reads a dense socket by the clock, all that has gathered, and others at once', () => {
    const { visits, dense, calm, bring } = open();
    bring(dense, 3);
    bring(calm, 1);
    expect(visits).toEqual([{ fd: 6, packets: 1 }]);
    vi.advanceTimersByTime(CLOCK_MS);
    expect(visits.slice(1)).toEqual([{ fd: 5, packets: 3 }]);
  });

  test('reads on while a dense socket has more than a visit brings, and what is to be read at once in between', () => {
    const { visits, dense, prompt } = open();
    dense.waiting = BATCH + 10;
    prompt.waiting = BATCH + 5;
    vi.advanceTimersByTime(CLOCK_MS);
    expect(visits).toEqual([
      { fd: 7, packets: BATCH },
      { fd: 5, packets: BATCH },
      { fd: 7, packets: 5 },
      { fd: 5, packets: 10 },
    ]);
  });

  test('waits again for a socket that has become calm', () => {
    const scene = open();
    passPeriod(scene, 400);
    passPeriod(scene, 400);
    scene.bring(scene.dense, 1);
    expect(scene.visits).toEqual([{ fd: 5, packets: 1 }]);
  });

  test('waits again for all when the process has become calm', () => {
    const scene = open();
    scene.dense.waiting = 20;
    passPeriod(scene, 100);
    scene.dense.waiting = 20;
    passPeriod(scene, 100);
    scene.bring(scene.dense, 1);
    expect(scene.visits).toEqual([{ fd: 5, packets: 1 }]);
  });

  test('has no clock running when no socket is read by it', () => {
    const scene = open();
    expect(vi.getTimerCount()).toBe(1);
    passPeriod(scene, 100);
    passPeriod(scene, 100);
    vi.advanceTimersByTime(CLOCK_MS);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('visits no socket that was taken away from it, and ends with the last', () => {
    const { poller, visits, dense, calm, prompt } = open();
    dense.waiting = 3;
    poller.remove(dense.token);
    vi.advanceTimersByTime(CLOCK_MS);
    expect(visits).toEqual([]);
    poller.remove(calm.token);
    poller.remove(prompt.token);
    expect(vi.getTimerCount()).toBe(0);
  });
});
