// Our server as built, with the plane and the workers that it is told: its arguments are its address and options as JSON.
import process from 'node:process';
import { createTurnServer } from '@callbox/turn';

const [address = '', options = '{}'] = process.argv.slice(2);
const server = createTurnServer({
  realm: 'mtu.example',
  users: new Map([['ana', 'ana-password']]),
  listeners: [{ transport: 'udp', address, port: 3478 }],
  relayAddresses: [{ local: address, advertised: address }],
  relayPorts: { min: 61_000, max: 62_000 },
  allowPeers: ['10.72.0.0/15'],
  ...JSON.parse(options),
});
await server.start();
process.on('message', () => process.send?.(server.counters()));
process.on('disconnect', () => process.exit(0));
process.send?.({ port: server.listeners()[0].port, plane: server.plane });
