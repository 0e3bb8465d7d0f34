// Our server as built, with two workers, in a process of its own: it tells its port and its workers, and ends as it is told to.
import { createTurnServer } from '@callbox/turn';

const server = createTurnServer({
  realm: 'conformance.example',
  users: new Map(Array.from({ length: 10 }, (_, number) => [`user-${number}`, 'password'])),
  listeners: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
  relayAddresses: [{ local: '127.0.0.3', advertised: '127.0.0.3' }],
  relayPorts: { min: 20_400, max: 20_900 },
  allowPeers: ['127.0.0.0/8'],
  workers: 2,
});
await server.start();

process.on('message', (how) => {
  if (how === 'workers') process.send(server.workers());
  if (how === 'exit') process.exit(0);
  if (how === 'throw') {
    setImmediate(() => {
      throw new Error('on purpose');
    });
  }
  if (how === 'stop') void server.stop().then(() => process.disconnect());
});
process.send({ port: server.listeners()[0].port, workers: server.workers().map(({ pid }) => pid) });
