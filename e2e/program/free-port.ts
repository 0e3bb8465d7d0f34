import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: browsers open hundreds, and one might be ours. */
const range = { from: 20_000, below: 32_000 };
const given = new Set<number>();

/** A port that is free now for TCP and UDP alike, and that nobody in this process was given before. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.below);
    if (given.has(port)) continue;
    given.add(port);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
}

function isFreeForTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', () => resolve(false));
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}
