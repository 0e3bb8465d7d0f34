// What a counter costs: per increment by where it lives, and per report as a message.
import { fork } from 'node:child_process';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import * as sys from './system-calls.mjs';

if (process.argv[2] === 'child') {
  process.on('message', (m) => process.send(m));
} else {
  const fd = sys.memfdCreate('counters', 1);
  sys.ftruncate(fd, 4096);
  const mapped = sys.mapShared(fd, 4096).buffer;
  const fields = { up: 0, down: 0 };
  const places = {
    'object field': (n) => {
      for (let i = 0; i < n; i += 1) fields.up += i & 1;
    },
    Float64Array: ((a) => (n) => {
      for (let i = 0; i < n; i += 1) a[3] += i & 1;
    })(new Float64Array(32)),
    'Float64Array over a mapped memfd': ((a) => (n) => {
      for (let i = 0; i < n; i += 1) a[3] += i & 1;
    })(new Float64Array(mapped)),
    'Float64Array over SharedArrayBuffer': ((a) => (n) => {
      for (let i = 0; i < n; i += 1) a[3] += i & 1;
    })(new Float64Array(new SharedArrayBuffer(256))),
    'Atomics.add, Int32Array': ((a) => (n) => {
      for (let i = 0; i < n; i += 1) Atomics.add(a, 3, i & 1);
    })(new Int32Array(new SharedArrayBuffer(256))),
    'Atomics.add, BigInt64Array': ((a) => (n) => {
      for (let i = 0; i < n; i += 1) Atomics.add(a, 3, 1n);
    })(new BigInt64Array(new SharedArrayBuffer(256))),
  };
  for (const [name, run] of Object.entries(places)) {
    run(1e6);
    let best = Infinity;
    for (let k = 0; k < 5; k += 1) {
      const began = performance.now();
      run(1e7);
      best = Math.min(best, performance.now() - began);
    }
    console.log(`${name}: ${(best / 10).toFixed(2)} ns`);
  }
  const report = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`counter-${i}`, i * 1e6]));
  const { port1, port2 } = new MessageChannel();
  const began = performance.now();
  for (let i = 0; i < 2e4; i += 1) {
    port1.postMessage(report);
    receiveMessageOnPort(port2);
  }
  console.log(
    `30 counters by MessagePort, both sides: ${(((performance.now() - began) / 2e4) * 1e3).toFixed(1)} us`,
  );
  port1.close();
  const child = fork(fileURLToPath(import.meta.url), ['child']);
  const one = () =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send(report);
    });
  for (let i = 0; i < 500; i += 1) await one();
  const cpu = process.cpuUsage();
  for (let i = 0; i < 5000; i += 1) await one();
  const used = process.cpuUsage(cpu);
  console.log(
    `30 counters by IPC, processor time of one side, sent and received: ${((used.user + used.system) / 5000).toFixed(1)} us`,
  );
  child.disconnect();
}
