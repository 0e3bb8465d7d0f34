import { createRequire } from 'node:module';

/** What we use of socket.io-client 1.7, which has no types. */
export interface OldSocket {
  readonly id: string;
  readonly io: { readonly engine: { readonly id: string; readonly transport: { readonly name: string } } };
  on(name: string, listener: (...args: unknown[]) => void): void;
  emit(name: string, ...args: unknown[]): void;
  disconnect(): void;
}

export interface OldSocketOptions {
  readonly transports?: readonly ('polling' | 'websocket')[];
  readonly forceBase64?: boolean;
  readonly reconnectionDelay?: number;
}

/** Connects by the very client that old pages carry. */
export function connectOldSocket(url: string, options: OldSocketOptions = {}): OldSocket {
  const connect: unknown = createRequire(import.meta.url)('socket.io-client-1');
  if (typeof connect !== 'function') throw new Error('socket.io-client 1 is not what it was');
  return connect(url, { forceNew: true, ...options }) as OldSocket;
}
