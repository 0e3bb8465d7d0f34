// `sudo node bench/turn/crew.mjs [--per-second 90000] [--seconds 24]`: what `workers: 'auto'` makes of a real load. Tells every four seconds how much the
// server uses and who carries what, and afterwards when the last worker has gone. Ends with 1 when none comes or goes, or a packet is lost.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadAddress, openNetwork, serverAddress } from './network.mjs';
import { processorTime, startLoad, startOurs } from './processes.mjs';
import { requireSurroundings } from './require-surroundings.mjs';

const { values: given } = parseArgs({
  options: {
    'per-second': { type: 'string', default: '90000' },
    seconds: { type: 'string', default: '24' },
  },
});
requireSurroundings({ isForgiven: false });
const LOOK_MS = 4_000;
/** A worker is ended after half a minute of calm. */
const CALM_MS = 60_000;
const looks = Math.ceil((Number(given.seconds) * 1000) / LOOK_MS);

const network = openNetwork();
// On both cores, of which the load has one to itself for as long as no worker is there.
const server = await startOurs(network.names.server, '0,1', {
  address: serverAddress(0),
  plane: 'linux',
  workers: 'auto',
});
const load = await startLoad(network.names.load, 1, {
  allocations: 50,
  bytes: 1200,
  pattern: 'both',
  perSecond: Number(given['per-second']),
  server: serverAddress(0),
  ip: loadAddress(0),
});
const workersNow = async () => (await server.ask('figures')).workers;
const say = (line) => process.stdout.write(`${line}\n`);

/** One look. @returns what was lost, and how many workers there were. */
async function look() {
  const [before, beganAt] = [processorTime(server.pid), performance.now()];
  await load.ask('run', { ms: LOOK_MS });
  const [after, endedAt] = [processorTime(server.pid), performance.now()];
  const { sent, lost, delayMs } = await load.ask('settle');
  const workers = await workersNow();
  const cores = (after.us - before.us) / 1000 / (endedAt - beganAt);
  const carried = workers.map(({ relays, packets }) => `${relays} relays, ${packets} packets so far`);
  say(
    `${sent} packets, ${lost} lost, p99 ${delayMs.p99.toFixed(2)} ms, ${cores.toFixed(2)} cores; workers: ${carried.join('; ') || 'none'}`,
  );
  return { lost, workers: workers.length };
}

try {
  await load.ask('setUp');
  const seen = [];
  while (seen.length < looks) seen.push(await look());
  await load.end();
  const calmAt = performance.now();
  while ((await workersNow()).length > 0 && performance.now() - calmAt < CALM_MS) await pause(250);
  const left = (await workersNow()).length;
  say(`${left} workers ${((performance.now() - calmAt) / 1000).toFixed(1)} s after the load`);
  const isWell =
    left === 0 && seen.some(({ workers }) => workers > 0) && seen.every(({ lost }) => lost === 0);
  process.exitCode = isWell ? 0 : 1;
} finally {
  await server.end();
  network.close();
}
