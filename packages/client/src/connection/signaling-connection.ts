import {
  answerSchema,
  CONTRACT_VERSION,
  notices,
  parseWith,
  refusalSchema,
  SIGNALING_PATH,
  type Answer,
  type Handshake,
  type NoticeName,
  type NoticeOf,
  type Refusal,
  type ReplyOf,
  type RequestName,
  type RequestOf,
} from '@callbox/contract';
import { io, type Socket } from 'socket.io-client';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { ClientLog } from '../log.ts';

export type ConnectionEvents = {
  readonly [TName in NoticeName as `notice:${TName}`]: NoticeOf<TName>;
} & {
  readonly opened: null;
  /** Lost; it is coming back by itself. */
  readonly lost: null;
  /** The server does not want this client. It does not come back by itself. */
  readonly refused: Refusal;
};

/** The way to the signaling server. Opened by the first call of `open`, and kept. */
export interface SignalingConnection {
  readonly isOpen: boolean;
  readonly on: Emitter<ConnectionEvents>['on'];
  open(): void;
  /**
   * Sends a request. Its answer is handed over in the order of arrival: before any notice that the server sent after it.
   * No answer in time, or no connection, is a refusal of code `internal`.
   */
  request<TName extends RequestName>(
    name: TName,
    request: RequestOf<TName>,
    onAnswer: (answer: Answer<ReplyOf<TName>>) => void,
  ): void;
  close(): void;
}

const answerTimeoutMs = 10_000;
/** How long to stay away when the server itself has ended the connection. */
const sentAwayMs = 1_000;

/** @param url where the server is, with the path under which it serves everything. */
export function createSignalingConnection(url: string, log: ClientLog): SignalingConnection {
  const { origin, pathname } = new URL(`.${SIGNALING_PATH}`, url);
  const emitter = createEmitter<ConnectionEvents>();
  const handshake: Handshake = { version: CONTRACT_VERSION };
  // A path in the URL would be a namespace to socket.io.
  const socket: Socket = io(origin, {
    path: pathname,
    auth: handshake,
    autoConnect: false,
    // One round trip less than beginning with polling; networks that block WebSocket still get through.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 1_500,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;

  socket.on('connect', () => emitter.emit('opened', null));
  socket.on('disconnect', (reason) => {
    log('debug', 'the connection to the server is lost', { reason });
    // socket.io comes back from every loss but this one.
    if (reason === 'io server disconnect') timer = setTimeout(() => socket.connect(), sentAwayMs);
    if (reason !== 'io client disconnect') emitter.emit('lost', null);
  });
  socket.on('connect_error', (error) => {
    log('debug', 'the server cannot be reached', { reason: error.message });
    // While `active`, socket.io tries again; otherwise the server's own code has said no.
    if (!socket.active) emitter.emit('refused', readRefusal(error));
  });
  for (const name of Object.keys(notices)) {
    if (isNoticeName(name)) socket.on(name, (body: unknown) => handleNotice(name, body));
  }

  // The type parameter ties the schema to the event of the same name.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  function handleNotice<TName extends NoticeName>(name: TName, body: unknown): void {
    const parsed = parseWith(notices[name], body);
    if (parsed.ok) emitter.emit(`notice:${name}`, parsed.value);
    else log('warn', 'a notice of the server does not fit the contract', { name, reason: parsed.reason });
  }

  return {
    get isOpen() {
      return socket.connected;
    },
    on: emitter.on,
    open: () => void socket.connect(),
    request(name, request, onAnswer) {
      // socket.io would keep the request for the next connection, where it means nothing.
      if (!socket.connected) return onAnswer(fault('there is no connection to the server'));
      socket.timeout(answerTimeoutMs).emit(name, request, (error: Error | null, answer: unknown) => {
        if (error !== null) return onAnswer(fault(error.message));
        const parsed = parseWith(answerSchema(name), answer);
        onAnswer(parsed.ok ? parsed.value : fault(`the answer does not fit the contract: ${parsed.reason}`));
      });
    },
    close() {
      clearTimeout(timer);
      socket.disconnect();
    },
  };
}

/** A refusal that this side makes up, where the server could not be asked. */
export function fault(message: string): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: { code: 'internal', message } };
}

function isNoticeName(name: string): name is NoticeName {
  return name in notices;
}

/** Middleware of socket.io puts what it has to say into the error's `data`. */
function readRefusal(error: Error): Refusal {
  const parsed = parseWith(refusalSchema, 'data' in error ? error.data : undefined);
  return parsed.ok ? parsed.value : fault(error.message).error;
}
