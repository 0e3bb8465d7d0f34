import { createServer, type Server, type Socket } from 'node:net';
import { ListenError } from './listen-error.ts';

/** A bound TCP port. */
export interface TcpListener {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Accepts clients on a TCP port; rejects with a `ListenError`. Connections are the receiver's from then on. */
export function listenTcp(
  target: { readonly address: string; readonly port: number },
  onConnection: (socket: Socket) => void,
): Promise<TcpListener> {
  const { address, port } = target;
  const server = createServer(onConnection);
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new ListenError({ transport: 'tcp', address, port }, cause));
    });
    server.listen({ host: address, port, ipv6Only: true, exclusive: true }, () => {
      // An accept that fails (no more descriptors) is the next client's trouble, not the process's.
      server.on('error', () => undefined);
      resolve({ address, port: boundPort(server) ?? port, close: () => closeServer(server) });
    });
  });
}

function boundPort(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
