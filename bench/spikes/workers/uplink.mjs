// From a worker to a TCP client's relay in main: kernel loopback into dgram, or a ring with one byte to wake.
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { BATCH, SLOT, SendBatch } from './batch.mjs';
import { RING_ENTRIES, RING_ENTRY, SHARED_BYTES, ringBetween } from './shared-memory.mjs';
import * as sys from './system-calls.mjs';

const runtime = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, t) => sum + Number(readFileSync(`/proc/${pid}/task/${t}/schedstat`, 'utf8').split(' ')[0]),
    0,
  ) / 1e3;
const SECONDS = 3;
if (process.argv[2]) {
  const { way, port, burst, everyMs } = JSON.parse(process.argv[2]);
  const arena = sys.createBlock(BATCH * SLOT);
  const to = sys.createBlock(16);
  sys.writeAddress(to.view, 0, sys.parseIp('127.0.0.1'), port);
  const fd = sys.openUdp('127.0.0.1', 0);
  const tx = new SendBatch(sys.sendmmsg);
  const ring = ringBetween(sys.mapShared(5, SHARED_BYTES), 0, 1);
  let full = 0;
  const asleep = new Int32Array(ring.taken.buffer, ring.taken.byteOffset + 64, 1);
  const timer = setInterval(() => {
    for (let i = 0; i < burst; i += 1) {
      if (way === 'kernel') tx.push(arena.at + i * SLOT, 1200, to.at);
      else {
        const written = ring.written[0];
        if (written - Atomics.load(ring.taken, 0) >= RING_ENTRIES) {
          full += 1;
          continue;
        }
        sys.memmove(ring.at + (written % RING_ENTRIES) * RING_ENTRY, arena.at + i * SLOT, 1200);
        Atomics.store(ring.written, 0, written + 1);
      }
    }
    if (way === 'kernel') tx.flush(fd);
    else if (Atomics.exchange(asleep, 0, 0) === 1) sys.write(4, arena.at, 1);
  }, everyMs);
  setTimeout(() => {
    clearInterval(timer);
    process.send({ full });
    process.disconnect();
  }, SECONDS * 1000);
} else {
  for (const burst of [1, 8])
    for (const way of ['kernel', 'ring', 'kernel', 'ring']) {
      const memory = sys.memfdCreate('uplink', 1);
      sys.ftruncate(memory, SHARED_BYTES);
      const ring = ringBetween(sys.mapShared(memory, SHARED_BYTES), 0, 1);
      const asleep = new Int32Array(ring.taken.buffer, ring.taken.byteOffset + 64, 1);
      let packets = 0,
        bytes = 0,
        wakes = 0;
      const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
      socket.on('message', (data) => {
        packets += 1;
        wakes += 1;
        bytes += data.length;
      });
      await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
      const pair = sys.createOwnedBlock(8);
      sys.socketpair(1, 1 | 0x80000 | 0x800, 0, pair.at);
      const wake = new net.Socket({ fd: pair.view.getInt32(0, true), readable: true, writable: false });
      wake.on('data', () => {
        wakes += 1;
        for (;;) {
          let taken = ring.taken[0];
          const written = Atomics.load(ring.written, 0);
          for (; taken < written; taken += 1) {
            const offset = (taken % RING_ENTRIES) * RING_ENTRY;
            const copy = Buffer.allocUnsafe(1200);
            copy.set(new Uint8Array(ring.view.buffer, ring.view.byteOffset + offset, 1200));
            bytes += copy.length;
            packets += 1;
          }
          Atomics.store(ring.taken, 0, taken);
          Atomics.store(asleep, 0, 1);
          if (Atomics.load(ring.written, 0) === taken) break;
          Atomics.store(asleep, 0, 0);
        }
      });
      Atomics.store(asleep, 0, 1);
      const child = spawn(
        process.execPath,
        [
          fileURLToPath(import.meta.url),
          JSON.stringify({ way, port: socket.address().port, burst, everyMs: 1 }),
        ],
        { stdio: ['ignore', 'inherit', 'inherit', 'ipc', pair.view.getInt32(4, true), memory] },
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      const [a, b, p, w] = [runtime(process.pid), runtime(child.pid), packets, wakes];
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const n = packets - p;
      console.log(
        `${way} burst ${burst}: ${n} packets, main ${((runtime(process.pid) - a) / n).toFixed(2)} us, worker ${((runtime(child.pid) - b) / n).toFixed(2)} us per packet, ${((wakes - w) / n).toFixed(2)} wakes per packet`,
      );
      const done = new Promise((resolve) => child.on('exit', resolve));
      child.on('message', (m) => m.full && console.log('full', m.full));
      await done;
      socket.close();
      wake.destroy();
      sys.close(pair.view.getInt32(4, true));
    }
}
