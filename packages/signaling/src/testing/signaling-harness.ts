import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  answerSchema,
  CONTRACT_VERSION,
  parseWith,
  SIGNALING_PATH,
  type Answer,
  type ReplyOf,
  type RequestName,
  type RequestOf,
} from '@callbox/contract';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { createSignalingServer } from '../gateway/create-signaling-server.ts';
import type {
  IceRequest,
  SignalingServer,
  SignalingServerOptions,
} from '../gateway/signaling-server-options.ts';

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A signaling server on loopback, and clients of it; all of it ends with `stop`. */
export interface SignalingHarness {
  readonly server: SignalingServer;
  readonly urls: readonly string[];
  readonly iceRequests: readonly IceRequest[];
  readonly log: readonly LogLine[];
  /** Makes a client that is not connected yet. */
  readonly client: (options?: ClientOptions) => TestClient;
  /** Makes a client and waits until it is connected. */
  readonly connect: (options?: ClientOptions) => Promise<TestClient>;
  readonly stop: () => Promise<void>;
}

export interface ClientOptions extends Partial<ManagerOptions & SocketOptions> {
  /** Which of the harness's HTTP servers to use. */
  readonly via?: number;
}

export interface TestClient {
  readonly socket: Socket;
  /** Every event received, in order. */
  readonly heard: readonly { readonly name: string; readonly body: unknown }[];
  /** Sends a request and waits for its answer, which must fit the contract. */
  ask<TName extends RequestName>(name: TName, request: RequestOf<TName>): Promise<Answer<ReplyOf<TName>>>;
  /** Sends anything as an event with an acknowledgement, and returns what it is given. */
  askRaw(name: string, ...inputs: unknown[]): Promise<unknown>;
  /** Waits until everything has arrived that the server had sent to this client before now. */
  settle(): Promise<void>;
  /** Joins, and fails the test if that is refused. */
  join(room: string, displayName?: string): Promise<ReplyOf<'room-join'>>;
}

export const media = { audio: true, video: false, screen: false };

export async function startSignaling(
  options: Partial<SignalingServerOptions> & {
    /** One HTTP server for each, all of them for the one signaling server. */
    readonly httpServers?: readonly { readonly encrypted: boolean }[];
  } = {},
): Promise<SignalingHarness> {
  const { httpServers = [{ encrypted: false }], ...serverOptions } = options;
  const iceRequests: IceRequest[] = [];
  const log: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (message: string, details: LogLine['details'] = {}) =>
      void log.push({ level, message, details });
  const server = createSignalingServer({
    maxParticipants: 8,
    issueIceServers(request) {
      iceRequests.push(request);
      return { iceServers: [{ urls: [`turn:${request.host}`] }], lifetimeSeconds: 600 };
    },
    isOriginAllowed: () => true,
    logger: { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') },
    ...serverOptions,
  });
  const servers = await Promise.all(httpServers.map(({ encrypted }) => listen(server, encrypted)));
  const urls = servers.map(({ url }) => url);
  const clients: TestClient[] = [];

  function client({ via = 0, ...socketOptions }: ClientOptions = {}): TestClient {
    const made = createTestClient(urls[via] ?? 'http://no-such-server', socketOptions);
    clients.push(made);
    return made;
  }

  return {
    server,
    urls,
    iceRequests,
    log,
    client,
    async connect(clientOptions) {
      const made = client(clientOptions);
      await connected(made.socket);
      return made;
    },
    async stop() {
      for (const { socket } of clients) socket.disconnect();
      await server.close();
      await Promise.all(servers.map(({ http }) => new Promise((resolve) => http.close(resolve))));
    },
  };
}

/**
 * An HTTP server that gives signaling what is for it, as the program does.
 *
 * @param encrypted marks its connections as those of `node:tls` are marked.
 */
async function listen(
  server: SignalingServer,
  encrypted: boolean,
): Promise<{ readonly http: Server; readonly url: string }> {
  const http = createServer((request, response) => {
    if (!server.handleRequest(request, response)) response.writeHead(404).end('not for signaling');
  });
  http.on('upgrade', (request, socket, head) => {
    if (!server.handleUpgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  if (encrypted) http.on('connection', (socket) => void Object.assign(socket, { encrypted: true }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

function createTestClient(url: string, options: Partial<ManagerOptions & SocketOptions>): TestClient {
  const socket = io(url, {
    path: SIGNALING_PATH,
    transports: ['websocket'],
    auth: { version: CONTRACT_VERSION },
    reconnection: false,
    forceNew: true,
    ...options,
  });
  const heard: { name: string; body: unknown }[] = [];
  socket.onAny((name: string, body: unknown) => void heard.push({ name, body }));

  const askRaw = (name: string, ...inputs: unknown[]): Promise<unknown> =>
    socket.timeout(5_000).emitWithAck(name, ...inputs);

  async function ask<TName extends RequestName>(
    name: TName,
    request: RequestOf<TName>,
  ): Promise<Answer<ReplyOf<TName>>> {
    const answer = parseWith(answerSchema(name), await askRaw(name, request));
    if (!answer.ok) throw new Error(`the answer to ${name} does not fit the contract: ${answer.reason}`);
    return answer.value;
  }

  return {
    socket,
    heard,
    askRaw,
    ask,
    async settle() {
      await askRaw('room-peek', { room: 'settle' });
    },
    async join(room, displayName = '') {
      const answer = await ask('room-join', { room, displayName, media });
      if (!answer.ok) throw new Error(`refused: ${answer.error.code} ${answer.error.message}`);
      return answer.value;
    },
  };
}

/** Waits until the socket is connected; rejects with the error if it is refused. */
export async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}
