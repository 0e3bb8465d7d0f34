import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP client that keeps what it has received. */
export interface RawClient {
  readonly socket: Socket;
  /** Resolves with everything received so far once it satisfies the condition. */
  received(condition: (text: string) => boolean): Promise<string>;
  /** Resolves with the milliseconds since connecting when the other side has ended the connection. */
  closed(): Promise<number>;
}

export async function connectRaw(
  port: number,
  socket: Socket = connect(port, '127.0.0.1'),
): Promise<RawClient> {
  const startedAt = performance.now();
  let text = '';
  let closedAfterMs: number | undefined;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  const hasClosed = once(socket, 'close');
  socket.once('close', () => {
    closedAfterMs = performance.now() - startedAt;
  });
  if (socket.connecting) await once(socket, 'connect');
  return {
    socket,
    async received(condition) {
      while (!condition(text)) {
        if (closedAfterMs !== undefined) throw new Error(`closed after ${JSON.stringify(text)}`);
        await Promise.race([once(socket, 'data'), hasClosed]);
      }
      return text;
    },
    async closed() {
      await hasClosed;
      return closedAfterMs ?? 0;
    },
  };
}
