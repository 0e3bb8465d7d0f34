// Main's side: owns the listening sockets for life, lends them to workers, keeps the ledger, fills empty slots.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as sys from './system-calls.mjs';
import { SHARED_BYTES, SLOTS, stopWord } from './shared-memory.mjs';

const file = new URL('./worker.mjs', import.meta.url);

export class Slots extends EventEmitter {
  constructor(options) {
    super();
    this.options = options;
    this.workers = [];
    this.generations = Array.from({ length: SLOTS }, () => 0);
    this.ledger = new Map();
    this.spare = undefined;
    this.closing = false;
    this.refill = true;
    const { ip, port } = options;
    this.listenFds = Array.from({ length: SLOTS }, () =>
      sys.openUdp(ip, port, { reusePort: true, bufferBytes: 2 << 20 }),
    );
    this.wakeFds = Array.from({ length: SLOTS }, () => sys.checked(sys.eventfd(0, 0x80800), 'eventfd'));
    this.memoryFd = sys.checked(sys.memfdCreate('relay', 1), 'memfd_create');
    sys.ftruncate(this.memoryFd, SHARED_BYTES);
    this.shared = sys.mapShared(this.memoryFd, SHARED_BYTES);
    this.blockingFd = sys.checked(sys.eventfd(0, 0x80000), 'eventfd');
    this.ipNumber = sys.parseIp(ip);
  }

  async start() {
    for (let slot = 0; slot < SLOTS; slot += 1) this.attach(slot, await this.boot());
    await Promise.all(this.workers.map((worker) => worker.attached));
    if (this.options.spare) this.spare = await this.boot();
  }

  /** Starts a worker that belongs to no slot yet; resolves when it has loaded everything. */
  async boot() {
    const began = performance.now();
    const worker = this.options.kind === 'threads' ? this.bootThread() : this.bootProcess();
    worker.slot = -1;
    worker.attached = new Promise((resolve) => (worker.setAttached = resolve));
    await new Promise((resolve) => (worker.setReady = resolve));
    worker.bootMs = performance.now() - began;
    return worker;
  }

  given() {
    const { ip, adopt, join, limit = 1e9, limitBy = 'messages', messages, timeoutMs } = this.options;
    return {
      ip,
      adopt,
      join,
      limit,
      limitBy,
      messages,
      timeoutMs,
      listenFds: this.listenFds,
      wakeFds: this.wakeFds,
    };
  }

  bootThread() {
    const epoll = sys.checked(sys.epollCreate(0x80000), 'epoll_create1');
    const thread = new Worker(file, {
      workerData: { ...this.given(), epoll, sharedAt: this.shared.at, blockingFd: this.blockingFd },
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    });
    const worker = {
      send: (message) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
        thread.postMessage(message);
        if (worker.slot >= 0) sys.signal(this.wakeFds[worker.slot]);
      },
      // terminate() alone does not reach a thread inside epoll_wait.
      kill: () => {
        const ended = thread.terminate();
        if (worker.slot >= 0) sys.signal(this.wakeFds[worker.slot]);
        return ended;
      },
      release: () => sys.close(epoll),
      pid: thread.threadId,
    };
    thread.on('message', (message) => this.heard(worker, message));
    thread.on('error', (error) => (worker.reason = error.message));
    thread.on('exit', () => this.died(worker));
    return worker;
  }

  bootProcess() {
    const pair = sys.createOwnedBlock(8);
    sys.checked(sys.socketpair(sys.AF_UNIX, sys.SOCK_SEQPACKET_CLOEXEC, 0, pair.at), 'socketpair');
    const [ours, theirs] = [pair.view.getInt32(0, true), pair.view.getInt32(4, true)];
    const lent = [...this.listenFds, ...this.wakeFds];
    const first = 6;
    const given = {
      ...this.given(),
      ipcFd: 3,
      pairFd: 4,
      memoryFd: 5,
      listenFds: this.listenFds.map((_, i) => first + i),
      wakeFds: this.wakeFds.map((_, i) => first + SLOTS + i),
    };
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=64', fileURLToPath(file), JSON.stringify(given)],
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc', theirs, this.memoryFd, ...lent],
      },
    );
    sys.close(theirs);
    const worker = {
      send: (message) => {
        if (child.connected) child.send(message);
      },
      kill: () => child.kill('SIGKILL'),
      release: () => sys.close(ours),
      pairFd: ours,
      pid: child.pid,
    };
    child.on('message', (message) => this.heard(worker, message));
    child.on('error', (error) => (worker.reason = error.message));
    void this.bury(worker, child);
    return worker;
  }

  /** `exit` may come before the last messages; only after both is the ledger complete. */
  async bury(worker, child) {
    const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    worker.reason = signal ?? `code ${code}`;
    this.died(worker);
  }

  attach(slot, worker) {
    worker.slot = slot;
    this.workers[slot] = worker;
    const allocations = [];
    for (const [port, entry] of this.ledger) {
      if (entry.slot !== slot) continue;
      if (this.options.adopt && entry.fd !== undefined) {
        allocations.push({ client: entry.client, port, fd: entry.fd, peer: entry.peer });
        if (worker.pairFd !== undefined) sys.sendDescriptor(worker.pairFd, port, entry.fd);
      } else {
        if (entry.fd !== undefined) sys.close(entry.fd);
        this.ledger.delete(port);
      }
    }
    worker.send({ type: 'attach', slot, generation: this.generations[slot], allocations });
  }

  heard(worker, message) {
    if (message.type === 'ready') worker.setReady();
    else if (message.type === 'attached') {
      worker.setAttached();
      this.emit('attached', worker);
    } else if (message.type === 'opened') {
      const fd =
        worker.pairFd === undefined
          ? message.fd
          : this.options.adopt && sys.receiveDescriptor(worker.pairFd).fd;
      const entry = { slot: worker.slot, client: message.client, fd: fd === false ? undefined : fd, peer: 0 };
      this.ledger.set(message.port, entry);
      if (this.options.limit !== undefined) this.tellTotals();
    } else if (message.type === 'bound') this.bound(message);
    else this.emit(message.type, message, worker);
  }

  /** Coalesced: one message per worker and turn of the loop. */
  tellTotals() {
    if (this.telling) return;
    this.telling = true;
    setImmediate(() => {
      this.telling = false;
      const counts = this.workers.map(
        (_, slot) => [...this.ledger.values()].filter((e) => e.slot === slot).length,
      );
      const total = counts.reduce((a, b) => a + b, 0);
      this.workers.forEach((worker, slot) => worker.send({ type: 'elsewhere', count: total - counts[slot] }));
    });
  }

  /** When both ends of a pair are relays of ours and have bound each other, tell both workers. */
  bound({ port, peer }) {
    const entry = this.ledger.get(port);
    if (entry === undefined) return;
    entry.peer = peer;
    const otherPort = peer % 65536;
    const other = Math.floor(peer / 65536) === this.ipNumber ? this.ledger.get(otherPort) : undefined;
    if (other === undefined || other.peer !== this.ipNumber * 65536 + port) return;
    this.workers[entry.slot].send({ type: 'join', port, otherPort, slot: other.slot, client: other.client });
    this.workers[other.slot].send({
      type: 'join',
      port: otherPort,
      otherPort: port,
      slot: entry.slot,
      client: entry.client,
    });
  }

  died(worker) {
    worker.diedAt = performance.now();
    worker.release();
    const { slot } = worker;
    if (this.closing || slot < 0 || this.workers[slot] !== worker) return;
    this.generations[slot] += 1;
    this.emit('died', worker);
    if (this.refill) void this.replace(slot);
  }

  async replace(slot) {
    const spare = this.spare;
    this.spare = undefined;
    this.attach(slot, spare ?? (await this.boot()));
    if (this.options.spare && !this.closing) this.spare = await this.boot();
  }

  /** Synchronous, so that an `exit` handler can call it: the stop word holds whatever the thread is doing now. */
  stopNow() {
    this.closing = true;
    Atomics.store(stopWord(this.shared.buffer), 0, 1);
    for (const fd of this.wakeFds) sys.signal(fd);
  }
}
