import { createSocket, type Socket } from 'node:dgram';
import { platform } from 'node:os';
import { formatIpAddress, type IpAddress, type TransportAddress } from '@callbox/stun';
import { ListenError } from './listen-error.ts';

/** Asked for, not required: the system caps them at its own limit. A buffer takes memory only while something is in it. */
export const RECEIVE_BUFFER_BYTES = {
  /** Many clients share one socket, so bursts meet in its buffer. */
  listener: 4 * 1024 * 1024,
  /** A second of video, while the process is busy with something else. */
  single: 1024 * 1024,
} as const;

/**
 * True where several UDP sockets may have one address and a connected one gets what its far end sends. Elsewhere
 * SO_REUSEADDR means something else, or a datagram goes to any of them.
 */
export const SHARES_ADDRESSES = platform() === 'linux';

/**
 * A UDP socket of one family. Node asks a resolver for each address it sends to, numbers included, and waits a tick for
 * the answer; ours gives them back at once, which also makes `bind` and `connect` finish before they return.
 */
export function createDatagramSocket(
  family: IpAddress['family'],
  { sharesAddress }: { readonly sharesAddress: boolean } = { sharesAddress: false },
): Socket {
  return createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    ipv6Only: family === 6,
    reuseAddr: sharesAddress,
    lookup: (address, _options, callback) => {
      callback(null, address, family);
    },
  });
}

/** A socket for clients that others may share its address with; rejects with a `ListenError`. */
export async function bindListener(local: TransportAddress): Promise<Socket> {
  if (!SHARES_ADDRESSES) return bind(local, false);
  // Sharing would also let a second server take the port. A socket that does not share finds out whether anybody has it,
  // and which port is free if any will do.
  const probe = await bind(local, false);
  const { port } = probe.address();
  await new Promise<void>((resolve) => void probe.close(resolve));
  return bind({ ...local, port }, true);
}

function bind(local: TransportAddress, sharesAddress: boolean): Promise<Socket> {
  const address = formatIpAddress(local.address);
  const socket = createDatagramSocket(local.family, { sharesAddress });
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      socket.close();
      reject(new ListenError({ transport: 'udp', address, port: local.port }, cause));
    };
    socket.once('error', onError);
    socket.once('listening', () => {
      socket.off('error', onError);
      resolve(socket);
    });
    socket.bind({ address, port: local.port, exclusive: true });
  });
}

export function enlargeReceiveBuffer(socket: Socket, bytes: number): void {
  try {
    socket.setRecvBufferSize(bytes);
  } catch {
    // The default will do.
  }
}
