import { randomBytes } from 'node:crypto';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

/** What came back, as it came: the suite trusts no schema of the server's makers. */
export interface LooseAnswer {
  readonly ok: boolean;
  readonly value: Record<string, unknown>;
  readonly error: Record<string, unknown>;
}

/** A plain socket.io client that keeps what it hears. */
export interface SignalingClient {
  readonly socket: Socket;
  readonly heard: readonly { readonly name: string; readonly body: unknown }[];
  ask(name: string, ...inputs: unknown[]): Promise<LooseAnswer>;
  join(room: string, displayName?: string): Promise<LooseAnswer>;
  /** Waits until what the server sent before now has arrived. */
  settle(): Promise<void>;
}

export type ConnectOptions = Partial<ManagerOptions & SocketOptions>;

export const media = { audio: true, video: false, screen: false };

/** A room that nobody else is in, on a server that others may use. */
export function freshRoom(): string {
  return `suite-${randomBytes(8).toString('hex')}`;
}

export function createSignalingClient(url: string, options: ConnectOptions = {}): SignalingClient {
  const socket = io(url, {
    path: '/signaling/',
    transports: ['websocket'],
    auth: { version: 1 },
    reconnection: false,
    forceNew: true,
    ...options,
  });
  const heard: { name: string; body: unknown }[] = [];
  socket.onAny((name: string, body: unknown) => void heard.push({ name, body }));
  const ask = async (name: string, ...inputs: unknown[]): Promise<LooseAnswer> =>
    (await socket.timeout(5_000).emitWithAck(name, ...inputs)) as LooseAnswer;
  return {
    socket,
    heard,
    ask,
    join: (room, displayName = '') => ask('room-join', { room, displayName, media }),
    settle: async () => void (await ask('room-peek', { room: 'settle' })),
  };
}

/** Resolves when connected, rejects with the error when refused. */
export async function opened(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}
