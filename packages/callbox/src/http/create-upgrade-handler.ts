import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SignalingServer } from '@callbox/signaling';
import { enterBasePath } from './enter-base-path.ts';

/** Gives each upgrade to the first who takes it over, and refuses the rest. */
export function createUpgradeHandler(
  takers: readonly (Pick<SignalingServer, 'handleUpgrade'> | undefined)[],
  basePath: string,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const isOurs = enterBasePath(request, basePath);
    if (isOurs && takers.some((taker) => taker?.handleUpgrade(request, socket, head) === true)) return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
      socket.destroy(),
    );
  };
}
