import type { Socket } from 'node:dgram';
import type { FrameBuffer } from '../forwarding/frame-buffer.ts';

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
