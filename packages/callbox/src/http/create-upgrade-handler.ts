import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SignalingServer } from '@callbox/signaling';

/** Gives upgrades to signaling, and refuses the rest. */
export function createUpgradeHandler(
  signaling: Pick<SignalingServer, 'handleUpgrade'> | undefined,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    if (signaling?.handleUpgrade(request, socket, head) === true) return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
      socket.destroy(),
    );
  };
}
