import type { IncomingMessage } from 'node:http';
import type { Approach } from './signaling-server-options.ts';

/** Who sent a request, where no proxy stands between: what the connection and the Host header say. */
export function readApproach({ socket, headers }: IncomingMessage): Approach {
  return {
    remoteAddress: socket.remoteAddress ?? '',
    host: headers.host ?? '',
    secure: 'encrypted' in socket && socket.encrypted === true,
    isProxied: false,
    ...(headers.origin === undefined ? {} : { origin: headers.origin }),
  };
}
