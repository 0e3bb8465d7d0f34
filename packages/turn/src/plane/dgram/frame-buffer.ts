import type { Socket } from 'node:dgram';

/** The largest payload of a UDP datagram over IPv4. */
export const MAX_DATAGRAM_BYTES = 65_507;

/** Room for the largest payload and everything that may go in front of it or behind. */
const FRAME_BYTES = 65_536 + 64;

/**
 * Where packets are put together. One is enough, because a socket has sent a packet when `send` returns; in the rare
 * case that the kernel had no room and the socket kept it, the octets are left to it.
 */
export class FrameBuffer {
  bytes = Buffer.alloc(FRAME_BYTES);

  renew(): void {
    this.bytes = Buffer.alloc(FRAME_BYTES);
  }
}

/** More than this waiting in one socket means that the network does not take what we send. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/** True while a socket takes more. */
export function hasRoom(socket: Socket): boolean {
  return socket.getSendQueueSize() <= MAX_QUEUED_BYTES;
}

/** Sends the first octets of the buffer through a UDP socket; false when too much is waiting there. */
export function sendFrame(
  socket: Socket,
  frame: FrameBuffer,
  length: number,
  port: number,
  host: string,
): boolean {
  if (!hasRoom(socket)) return false;
  socket.send(frame.bytes, 0, length, port, host);
  if (socket.getSendQueueCount() > 0) frame.renew();
  return true;
}

/** The same through a socket that is connected to where the packet goes, which the kernel then need not look up. */
export function sendConnectedFrame(socket: Socket, frame: FrameBuffer, length: number): boolean {
  if (!hasRoom(socket)) return false;
  socket.send(frame.bytes, 0, length);
  if (socket.getSendQueueCount() > 0) frame.renew();
  return true;
}
