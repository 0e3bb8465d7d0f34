import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as turn from '@callbox/turn';
import type { ServerCommand, ServerReport } from './messages.ts';
import { SERVER_IP } from './network.ts';

/**
 * The server under flood, alone in its process, with its defaults; its one argument is the number of clients that get
 * sockets of their own.
 */
const [clientSockets] = process.argv.slice(2).map(Number);
const PORT = 3478;
/** Always so many workers, for a run by name: `FLOOD_WORKERS=2`. They are programs of the built package, and so must the server be then. */
const workers = Number(process.env['FLOOD_WORKERS'] ?? 1);
const BUILT = new URL('../../../packages/turn/dist/index.js', import.meta.url);
const { createTurnServer } = workers > 1 ? ((await import(BUILT.href)) as typeof turn) : turn;
const server = createTurnServer({
  realm: 'flood.example',
  users: new Map([['ana', 'ana-password']]),
  listeners: [{ transport: 'udp', address: SERVER_IP, port: PORT }],
  relayAddresses: [{ local: SERVER_IP, advertised: SERVER_IP }],
  relayPorts: { min: 61_000, max: 62_000 },
  allowPeers: ['10.70.0.0/24'],
  limits: clientSockets === undefined ? {} : { clientSockets },
  workers,
});
await server.start();
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('message', (_command: ServerCommand) => {
  tell({
    kind: 'reading',
    heldBytes: heldBytes(),
    residentBytes: process.memoryUsage.rss(),
    answered: count(/^(?:success|error)_/u),
    judged: count(/^(?:dropped|success|error)_/u),
  });
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'listening', port: PORT });

/** What is still in use when there is no garbage left. */
function heldBytes(): number {
  // What lies outside of the heap goes when the collector comes by again.
  for (let round = 0; round < 2; round += 1) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function count(names: RegExp): number {
  return Object.entries(server.counters())
    .filter(([name]) => names.test(name))
    .reduce((sum, [, counted]) => sum + counted, 0);
}

function tell(report: ServerReport): void {
  process.send?.(report);
}
