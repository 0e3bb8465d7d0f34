// Our server under load: `node server.mjs '{"plane":"linux"}'`. Tells its counters, its garbage collections and its memory when asked.
import { PerformanceObserver } from 'node:perf_hooks';
import { createTurnServer } from '@callbox/turn';
import { keyPair } from './key-pair.mjs';

const given = {
  address: '10.98.0.1',
  port: 3478,
  plane: 'auto',
  workers: 1,
  /** A control for the measurement of garbage: makes at least one object for each packet. */
  makesGarbage: false,
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const collections = { minor: 0, major: 0, other: 0 };
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries()) {
    if (detail.kind === 1) collections.minor += 1;
    else if (detail.kind === 4) collections.major += 1;
    else collections.other += 1;
  }
}).observe({ entryTypes: ['gc'] });

if (given.makesGarbage) {
  // oxlint-disable-next-line typescript/unbound-method -- called on its own map below
  const { get } = Map.prototype;
  globalThis.lastLookup = undefined;
  // oxlint-disable-next-line no-extend-native -- every packet looks something up in a Map
  Map.prototype.get = function getAndLitter(key) {
    globalThis.lastLookup = { key };
    return get.call(this, key);
  };
}

const server = createTurnServer({
  realm: 'bench',
  users: new Map([['bench', 'bench']]),
  listeners: ['udp', 'tcp'].map((transport) => ({ transport, address: given.address, port: given.port })),
  keyPair,
  relayAddresses: [{ local: given.address, advertised: given.address }],
  relayPorts: { min: 49_152, max: 65_535 },
  allowPeers: ['10.98.0.0/16'],
  plane: given.plane,
  workers: given.workers,
  limits: {
    allocationsPerUser: 20_000,
    allocationsPerSource: 20_000,
    connectionsPerSource: 20_000,
    // All clients are at a few addresses here.
    strangerAnswers: { burst: 1e6, perSecond: 1e6 },
    clientSockets: given.clientSockets ?? 512,
    bytesPerSecondPerUser: Number.POSITIVE_INFINITY,
  },
});
await server.start();

const commands = {
  figures: () => ({
    plane: server.plane,
    counters: server.counters(),
    collections: { ...collections },
    workers: server.workers(),
  }),
};
process.on('message', ({ id, name }) => {
  if (name === 'exit') process.exit(0);
  if (name === 'fail') throw new Error('as it was asked to');
  // The observer hears of collections a turn later.
  setImmediate(() => process.send({ id, result: commands[name]() }));
});
process.once('SIGTERM', () => void server.stop().then(() => process.disconnect()));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
