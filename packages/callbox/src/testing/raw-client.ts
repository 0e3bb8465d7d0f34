import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that keeps what it has received. */
export interface RawClient {
  readonly socket: Socket;
  /** Resolves with everything received so far, one character per byte, once it satisfies the condition. */
  received(condition: (text: string) => boolean): Promise<string>;
  /** Resolves with the milliseconds since connecting when the connection is over, in peace or not. */
  closed(): Promise<number>;
}

export async function connectRaw(
  port: number,
  socket: Socket = connect(port, '127.0.0.1'),
): Promise<RawClient> {
  const startedAt = performance.now();
  let text = '';
  let wake = (): void => {};
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', () => {
      resolve(performance.now() - startedAt);
      wake();
    });
  });
  if (socket.connecting) await once(socket, 'connect');
  socket.on('error', () => {});
  return {
    socket,
    async received(condition) {
      while (!condition(text)) {
        if (socket.closed) throw new Error(`closed after ${JSON.stringify(text)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return text;
    },
    closed: () => closed,
  };
}
