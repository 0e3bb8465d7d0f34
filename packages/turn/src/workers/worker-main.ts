import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { loadSystemCalls } from '../plane/linux/system-calls.ts';
import { DescriptorChannel } from './descriptor-channel.ts';
import { SharedMemory } from './shared-memory.ts';
import { systemClockOffsetMs } from './system-clock.ts';
import { processorMs } from './processor-ms.ts';
import { loadWorkerCalls } from './worker-calls.ts';
import { WorkerPlane } from './worker-plane.ts';
import { CHANNEL_FD, MEMORY_FD, type WorkerSettings } from './worker-settings.ts';

// The program of a worker process. Main starts it, and nobody else has a use for it.

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const calls = loadSystemCalls();
const workerCalls = loadWorkerCalls();
// Main that is killed takes its workers along, even one that does not come to read that its channel is closed.
workerCalls.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
// A terminal's Ctrl-C and a service manager's stop reach us too, but it is main that decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const { slot, workers, seed } = settings;
// Main's clock, as far as the rates of accounts are concerned: both draw on the same ones.
const aheadMs = settings.clockOffsetMs - systemClockOffsetMs();
const plane = new WorkerPlane({
  calls,
  channel: new DescriptorChannel(CHANNEL_FD, calls, workerCalls),
  memory: SharedMemory.open(MEMORY_FD, calls, workerCalls, workers),
  slot,
  bytesPerSecondPerUser: settings.bytesPerSecondPerUser ?? Infinity,
  bytesPerSecondPerRelay: settings.bytesPerSecondPerRelay ?? Infinity,
  nowMs: () => performance.now() + aheadMs,
  usedMs: processorMs,
  seed,
  onClosed: () => process.exit(0),
});
plane.start();
