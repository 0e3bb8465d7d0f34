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
