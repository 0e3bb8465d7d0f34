import { createSocket, type Socket } from 'node:dgram';
import type { IpAddress } from '@callbox/stun';

/** Asked for, not required: the system caps it at its own limit. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * A UDP socket of one family. Node asks a resolver for each address it sends to, numbers included, and waits a tick for
 * the answer; ours gives them back at once, which also makes `bind` finish before it returns.
 */
export function createDatagramSocket(family: IpAddress['family']): Socket {
  return createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    ipv6Only: family === 6,
    lookup: (address, _options, callback) => {
      callback(null, address, family);
    },
  });
}

/** Many clients share one socket, so bursts meet in its buffer. */
export function enlargeReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The default will do.
  }
}
