import { createTurnServer } from '@callbox/turn';

const [address = '127.0.0.1'] = process.argv.slice(2);
const server = createTurnServer({
  realm: 'example.org',
  users: new Map([['alice', 'wonderland']]),
  listeners: [
    { transport: 'udp', address, port: 3478 },
    { transport: 'tcp', address, port: 3478 },
  ],
  relayAddresses: [{ local: address, advertised: address }],
  relayPorts: { min: 61_000, max: 65_535 },
});
await server.start();
console.log('listening on', server.listeners());
process.once('SIGINT', () => void server.stop());
