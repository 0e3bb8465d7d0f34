// `node bench/turn/garbage.mjs [--packets 1000000] [--quick]`: garbage collections of the server while so many packets of media go through its linux
// plane, beside a control that makes an object for each packet. Ends with 1 when ours has more than two in a million, or the
// control does not stand out.
import { parseArgs } from 'node:util';
import { requireSurroundings } from './require-surroundings.mjs';
import { loadAddress, openNetwork, serverAddress } from './network.mjs';
import { startLoad, startOurs } from './processes.mjs';

const { values: given } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000' },
    quick: { type: 'boolean', default: false },
  },
});
requireSurroundings({ isForgiven: given.quick });
const packets = given.quick ? 250_000 : Number(given.packets);
const WARM_UP_PACKETS = 250_000;
const MAX_PER_MILLION = 2;
const load = { allocations: 50, bytes: 1200, pattern: 'both', window: 16 };

const network = openNetwork();

async function carry(running, wanted) {
  let carried = 0;
  while (carried < wanted) carried += (await running.ask('run', { ms: 500 })).arrived;
  return carried;
}

/** Minor collections per million packets. */
async function measure(options) {
  const server = await startOurs(network.names.server, 0, {
    address: serverAddress(0),
    plane: 'linux',
    ...options,
  });
  const running = await startLoad(network.names.load, 1, {
    ...load,
    server: serverAddress(0),
    ip: loadAddress(0),
    framing: options.framing,
  });
  try {
    await running.ask('setUp');
    await carry(running, WARM_UP_PACKETS);
    const { collections: before } = await server.ask('figures');
    const carried = await carry(running, packets);
    const { collections: after } = await server.ask('figures');
    const [minor, major] = [after.minor - before.minor, after.major - before.major];
    process.stdout.write(
      `${JSON.stringify(options)}: ${carried} packets, ${minor} scavenges, ${major} others\n`,
    );
    return (minor / carried) * 1e6;
  } finally {
    await running.end();
    await server.end();
  }
}

try {
  const channels = await measure({ framing: 'channels' });
  const indications = await measure({ framing: 'indications' });
  const control = await measure({ framing: 'channels', makesGarbage: true });
  // Of fewer packets, one is forgiven: the server does other things meanwhile, once a second.
  const limit = Math.max(MAX_PER_MILLION, 1e6 / packets);
  const isClean = Math.max(channels, indications) <= limit;
  process.stdout.write(
    `scavenges per million packets: channels ${channels.toFixed(2)}, Send/Data ${indications.toFixed(2)}, control ${control.toFixed(2)}\n`,
  );
  if (!isClean || control <= limit) process.exitCode = 1;
} finally {
  network.close();
}
