import { randomBytes } from 'node:crypto';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;

/** An address as the other end of a path sees it: `address:port`. */
export type SeenAddress = string;

/** Answers STUN Binding requests (RFC 8489 §3) over IPv4 on a socket with the address they came from. */
export function answerBindings(socket: Socket): void {
  socket.on('message', (request: Buffer, from: RemoteInfo) => {
    if (request.length < 20 || request.readUInt16BE(0) !== BINDING_REQUEST) return;
    const answer = Buffer.alloc(32);
    answer.writeUInt16BE(BINDING_SUCCESS, 0);
    answer.writeUInt16BE(12, 2);
    request.copy(answer, 4, 4, 20);
    answer.writeUInt16BE(XOR_MAPPED_ADDRESS, 20);
    answer.writeUInt16BE(8, 22);
    answer[25] = 1;
    answer.writeUInt16BE(from.port ^ (MAGIC_COOKIE >>> 16), 26);
    const octets = Buffer.from(from.address.split('.').map(Number));
    answer.writeUInt32BE((octets.readUInt32BE(0) ^ MAGIC_COOKIE) >>> 0, 28);
    socket.send(answer, from.port, from.address);
  });
}

/** Asks a STUN server over IPv4 from where it sees this socket. @returns null where no answer comes within the deadline. */
export async function probeMapping(
  socket: Socket,
  server: { readonly address: string; readonly port: number },
  deadlineMs = 1_000,
): Promise<SeenAddress | null> {
  const request = Buffer.concat([Buffer.alloc(8), randomBytes(12)]);
  request.writeUInt16BE(BINDING_REQUEST, 0);
  request.writeUInt32BE(MAGIC_COOKIE, 4);
  const answer = receive(socket, deadlineMs, (octets) =>
    octets.subarray(4, 20).equals(request.subarray(4, 20)),
  );
  socket.send(request, server.port, server.address);
  const octets = await answer;
  if (octets === null) return null;
  const port = octets.readUInt16BE(26) ^ (MAGIC_COOKIE >>> 16);
  const address = Buffer.alloc(4);
  address.writeUInt32BE((octets.readUInt32BE(28) ^ MAGIC_COOKIE) >>> 0, 0);
  return `${address.join('.')}:${port}`;
}

/** The next datagram of which `isWanted` is true, or null past the deadline. */
export async function receive(
  socket: Socket,
  deadlineMs: number,
  isWanted: (octets: Buffer) => boolean,
): Promise<Buffer | null> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    for (;;) {
      const [octets] = (await once(socket, 'message', { signal })) as [Buffer];
      if (isWanted(octets)) return octets;
    }
  } catch {
    return null;
  }
}
