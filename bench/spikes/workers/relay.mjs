// What a worker does with packets: its own allocation table, listening socket lent by main, relays of its own.
import * as sys from './system-calls.mjs';
import { BATCH, HEADROOM, SLOT, SendBatch, createReceiveBatch } from './batch.mjs';
import {
  RING_ENTRIES,
  RING_ENTRY,
  counterIndex as count,
  countersOf,
  ringBetween,
} from './shared-memory.mjs';

/** Marks in epoll data that are no relay descriptor. */
export const LISTEN = 0x80000001;
export const WAKE = 0x80000002;

export class Relay {
  constructor({ slot, listenFds, wakeFds, shared, ip, epoll, join, limit, limitBy, post }) {
    this.slot = slot;
    this.listenFds = listenFds;
    this.listenFd = listenFds[slot];
    this.wakeFds = wakeFds;
    this.ip = sys.parseIp(ip);
    this.epoll = epoll;
    this.join = join;
    this.post = post;
    this.limit = limit;
    this.others = limitBy === 'cells' ? listenFds.map((_, other) => countersOf(shared.buffer, other)) : [];
    /** Allocations of the other workers, as last told by main. */
    this.elsewhere = 0;
    this.counters = countersOf(shared.buffer, slot);
    this.byClient = new Map();
    this.byFd = new Map();
    this.byPort = new Map();
    this.rx = createReceiveBatch();
    this.tx = new SendBatch(sys.sendmmsg);
    this.ringsOut = listenFds.map((_, other) => ringBetween(shared, slot, other));
    this.ringsIn = listenFds.map((_, other) => ringBetween(shared, other, slot));
    this.ringTouched = listenFds.map(() => false);
    this.reply = sys.createBlock(64);
    this.generation = 0;
    sys.watch(epoll, this.listenFd, LISTEN);
  }

  drainListen() {
    const { rx, tx } = this;
    for (let round = 0; round < 4; round += 1) {
      const n = sys.recvmmsg(this.listenFd, rx.headers.at, BATCH, sys.MSG_DONTWAIT, 0);
      if (n <= 0) return;
      let runFd = -1;
      for (let i = 0; i < n; i += 1) {
        const base = i * SLOT + HEADROOM;
        if ((rx.data.bytes[base] & 0xc0) !== 0x40) {
          this.control(i, base);
          continue;
        }
        const allocation = this.byClient.get(sys.readKey(rx.names.view, i * 16));
        if (allocation === undefined || allocation.channel === 0) {
          this.counters[count.unknown] += 1;
          continue;
        }
        const { joined } = allocation;
        const length = rx.lengthOf(i);
        if (joined === null) {
          if (allocation.fd !== runFd) {
            this.flushUp(runFd);
            runFd = allocation.fd;
          }
          tx.push(rx.data.at + base + 4, length - 4, allocation.peer.at);
        } else if (joined.ring) {
          this.toRing(joined, rx.data.at + base, length);
        } else {
          if (joined.fd !== runFd) {
            this.flushUp(runFd);
            runFd = joined.fd;
          }
          // The other client's channel goes over ours, in place.
          rx.data.view.setUint16(base, joined.channel);
          tx.push(rx.data.at + base, length, joined.client.at);
          this.counters[count.joined] += 1;
        }
      }
      this.flushUp(runFd);
      this.wakeRings();
      if (n < BATCH) return;
    }
  }

  flushUp(fd) {
    if (this.tx.count > 0) this.counters[count.up] += this.tx.flush(fd);
  }

  drainRelay(fd) {
    const allocation = this.byFd.get(fd);
    if (allocation === undefined) return;
    const { rx, tx } = this;
    const n = sys.recvmmsg(fd, rx.headers.at, BATCH, sys.MSG_DONTWAIT, 0);
    for (let i = 0; i < n; i += 1) {
      if (allocation.channel === 0 || sys.readKey(rx.names.view, i * 16) !== allocation.peerKey) continue;
      const base = i * SLOT + HEADROOM;
      const length = rx.lengthOf(i);
      rx.data.view.setUint16(base - 4, allocation.channel);
      rx.data.view.setUint16(base - 2, length);
      tx.push(rx.data.at + base - 4, length + 4, allocation.client.at);
    }
    if (tx.count > 0) this.counters[count.down] += tx.flush(this.listenFd);
  }

  toRing(joined, at, length) {
    const ring = this.ringsOut[joined.slot];
    const written = ring.written[0];
    if (written - Atomics.load(ring.taken, 0) >= RING_ENTRIES) {
      this.counters[count.ringFull] += 1;
      return;
    }
    const offset = (written % RING_ENTRIES) * RING_ENTRY;
    ring.view.setUint16(offset, joined.port, true);
    ring.view.setUint16(offset + 2, length, true);
    sys.memmove(ring.at + offset + HEADROOM, at, length);
    Atomics.store(ring.written, 0, written + 1);
    this.ringTouched[joined.slot] = true;
  }

  wakeRings() {
    for (let other = 0; other < this.ringTouched.length; other += 1) {
      if (!this.ringTouched[other]) continue;
      this.ringTouched[other] = false;
      sys.signal(this.wakeFds[other]);
    }
  }

  drainRings() {
    for (const ring of this.ringsIn) {
      let taken = ring.taken[0];
      const written = Atomics.load(ring.written, 0);
      while (taken < written) {
        const until = Math.min(written, taken + BATCH);
        for (; taken < until; taken += 1) {
          const offset = (taken % RING_ENTRIES) * RING_ENTRY;
          const allocation = this.byPort.get(ring.view.getUint16(offset, true));
          if (allocation === undefined) continue;
          ring.view.setUint16(offset + HEADROOM, allocation.channel);
          this.tx.push(
            ring.at + offset + HEADROOM,
            ring.view.getUint16(offset + 2, true),
            allocation.client.at,
          );
        }
        // Sent before the slots are given back.
        if (this.tx.count > 0) this.counters[count.ring] += this.tx.flush(this.listenFd);
        Atomics.store(ring.taken, 0, taken);
      }
    }
  }

  /** A toy of TURN's control: 3 allocates, 9 binds the one channel to a peer. */
  control(i, base) {
    const { rx, reply } = this;
    const key = sys.readKey(rx.names.view, i * 16);
    const type = rx.data.view.getUint16(base);
    let allocation = this.byClient.get(key);
    if (type === 0x0003) {
      if (allocation === undefined) {
        if (this.byClient.size + this.countElsewhere() >= this.limit) return;
        const fd = sys.openUdp(this.ipText(), 0);
        allocation = this.adopt({ client: key, fd, port: sys.localPort(fd), peer: 0 });
        this.post({ type: 'opened', client: key, fd, port: allocation.port });
      }
    } else if (type === 0x0009 && allocation !== undefined) {
      const peer = rx.data.view.getUint32(base + 6) * 65536 + rx.data.view.getUint16(base + 4);
      this.bindPeer(allocation, peer);
      this.post({ type: 'bound', client: key, port: allocation.port, peer });
    } else return;
    reply.view.setUint16(0, type | 0x0100);
    reply.view.setUint16(4, allocation.port);
    reply.view.setUint16(6, this.slot);
    reply.view.setUint32(8, this.generation);
    reply.view.setUint32(12, this.ip);
    this.answer(i);
  }

  countElsewhere() {
    if (this.others.length === 0) return this.elsewhere;
    let sum = 0;
    for (let other = 0; other < this.others.length; other += 1) {
      if (other !== this.slot) sum += this.others[other][count.allocations];
    }
    return sum;
  }

  answer(i) {
    this.single ??= new SendBatch(sys.sendmmsg);
    this.single.push(this.reply.at, 20, this.rx.names.at + i * 16);
    this.single.flush(this.listenFd);
  }

  ipText() {
    return [24, 16, 8, 0].map((shift) => (this.ip >>> shift) & 255).join('.');
  }

  adopt({ client, fd, port, peer }) {
    const block = sys.createOwnedBlock(32);
    sys.writeAddress(block.view, 0, Math.floor(client / 65536), client % 65536);
    const allocation = {
      key: client,
      fd,
      port,
      channel: 0,
      peerKey: 0,
      block,
      client: { at: block.at },
      peer: { at: block.at + 16 },
      joined: null,
    };
    this.byClient.set(client, allocation);
    this.byFd.set(fd, allocation);
    this.byPort.set(port, allocation);
    sys.watch(this.epoll, fd, fd);
    if (peer !== 0) this.bindPeer(allocation, peer);
    this.counters[count.allocations] = this.byClient.size;
    return allocation;
  }

  bindPeer(allocation, peer) {
    sys.writeAddress(allocation.block.view, 16, Math.floor(peer / 65536), peer % 65536);
    allocation.peerKey = peer;
    allocation.channel = 0x4000;
  }

  /** Main saw that both ends are ours: from now on nothing goes through relay sockets. */
  setJoin({ port, slot, otherPort, client }) {
    const allocation = this.byPort.get(port);
    if (allocation === undefined || this.join === 'kernel') return;
    const block = sys.createOwnedBlock(16);
    sys.writeAddress(block.view, 0, Math.floor(client / 65536), client % 65536);
    allocation.joined = {
      ring: this.join === 'ring' && slot !== this.slot,
      slot,
      port: otherPort,
      // Every socket of the group has the same local address, so our own does for the other worker's clients.
      fd: this.listenFd,
      channel: 0x4000,
      block,
      client: { at: block.at },
    };
  }
}
