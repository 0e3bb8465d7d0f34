import {
  answerSchema,
  CONTRACT_VERSION,
  notices,
  numberingSchema,
  OLDEST_CONTRACT_VERSION,
  parseWith,
  refusalSchema,
  SIGNALING_PATH,
  type Answer,
  type Handshake,
  type NoticeName,
  type NoticeOf,
  type NumberedRequestName,
  type Numbering,
  type Refusal,
  type ReplyOf,
  type RequestName,
  type RequestOf,
} from '@callbox/contract';
import { io, type Socket } from 'socket.io-client';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { ClientLog } from '../log.ts';
import { freshPatience, learnFromReturn } from '../logic/patience.ts';
import { startKnocking } from './knock.ts';
import { startProbe } from './probe.ts';
import { waitAwake } from './wait-awake.ts';

/** Something that the server said unasked, and its number in the stream of a seat if it has one. */
export type NumberedNotice = {
  [TName in NoticeName]: {
    readonly name: TName;
    readonly body: NoticeOf<TName>;
    readonly number: number | null;
  };
}[NoticeName];

export type ConnectionEvents = {
  readonly opened: null;
  /** Lost; it is coming back by itself. */
  readonly lost: null;
  /** The server does not want this client. It does not come back by itself. */
  readonly refused: Refusal;
  readonly notice: NumberedNotice;
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
  /** Sends a request that is answered by a numbered notice. Does nothing while there is no connection. */
  sendNumbered<TName extends NumberedRequestName>(
    name: TName,
    request: RequestOf<TName>,
    numbering: Numbering,
  ): void;
  /**
   * From now on asks the server for a sign of life more than twice a second, so that a dead one is found within a second.
   * `receivedUpTo` goes along with each. @returns the way to stop.
   */
  watch(receivedUpTo: () => number | null): () => void;
  /** Tells the server something from a page that is going away; there is no answer. */
  sendBeacon(path: string, body: object): void;
  close(): void;
}

const answerTimeoutMs = 10_000;
/** How long a handshake may take while the server answers knocks, and this page has a processor to do it with. */
const handshakeMs = 5_000;
/** Between two handshakes, if the one before failed at once. */
const handshakePauseMs = 700;
/** Within that, those who were lost together come back. */
const firstTryWithinMs = 200;

/** @param url where the server is, with the path under which it serves everything. */
export function createSignalingConnection(url: string, log: ClientLog): SignalingConnection {
  const base = new URL(`.${SIGNALING_PATH}`, url);
  const emitter = createEmitter<ConnectionEvents>();
  const handshake: Handshake = { version: OLDEST_CONTRACT_VERSION, upTo: CONTRACT_VERSION };
  let wanted = false;
  let socket: Socket | null = null;
  let triedAtMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWaiting = () => {};
  let stopKnocking = () => {};
  let receivedUpTo: (() => number | null) | null = null;
  let stopProbe = () => {};
  let patience = freshPatience;
  let silentAtMs: number | null = null;

  /** One handshake. What becomes of it is told by its own socket; one that is given up says nothing more. */
  function tryOpen(): void {
    drop();
    triedAtMs = performance.now();
    const opened: Socket = io(base.origin, {
      // A path in the URL would be a namespace to socket.io.
      path: base.pathname,
      auth: handshake,
      forceNew: true,
      reconnection: false,
      // One round trip less than beginning with polling; networks that block WebSocket still get through.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
    });
    socket = opened;
    stopWaiting = waitAwake(handshakeMs, () => giveUp('no handshake in time'));
    opened.on('connect', () => {
      stopWaiting();
      if (silentAtMs !== null) patience = learnFromReturn(patience, performance.now() - silentAtMs < 2_000);
      silentAtMs = null;
      emitter.emit('opened', null);
      probe();
    });
    opened.on('disconnect', (reason) => lose(reason));
    opened.on('connect_error', (error) => {
      // The server's own code has said no; all else is a server that is not there.
      if ('data' in error) refuse(readRefusal(error));
      else giveUp(error.message);
    });
    for (const name of Object.keys(notices)) {
      if (isNoticeName(name)) {
        opened.on(name, (body: unknown, numbering: unknown) => handleNotice(name, body, numbering));
      }
    }
  }

  /** Lets go of the present socket without a word to anybody, this side included. */
  function drop(): void {
    clearTimeout(timer);
    stopWaiting();
    stopProbe();
    stopKnocking();
    const before = socket;
    socket = null;
    before?.off();
    // Not `disconnect`, which waits for what is still to be sent, and would be a farewell.
    before?.io.engine.close();
    before?.disconnect();
  }

  function giveUp(reason: string): void {
    log('debug', 'the server cannot be reached', { reason });
    drop();
    knock();
  }

  function refuse(refusal: Refusal): void {
    drop();
    wanted = false;
    emitter.emit('refused', refusal);
  }

  function lose(reason: string): void {
    log('debug', 'the connection to the server is lost', { reason });
    drop();
    emitter.emit('lost', null);
    // A listener may have closed it.
    if (wanted) timer = setTimeout(tryOpen, firstTryWithinMs * Math.random());
  }

  function knock(): void {
    if (!wanted) return;
    stopKnocking = startKnocking({
      random: Math.random,
      knock: async (signal) => {
        const answer = await fetch(new URL('knock', base), { signal, cache: 'no-store' });
        // A server that knows no knocking answers all the same.
        return answer.status < 500;
      },
      onAnswered() {
        const waitMs = Math.max(0, triedAtMs + handshakePauseMs - performance.now());
        timer = setTimeout(tryOpen, waitMs);
      },
    });
  }

  function probe(): void {
    stopProbe();
    const readReceived = receivedUpTo;
    if (readReceived === null || socket?.connected !== true) return;
    stopProbe = startProbe({
      patience,
      learn: (learnt) => {
        patience = learnt;
      },
      ask(onSign) {
        const received = readReceived();
        // Any answer is one, also that of a server which knows no probes.
        socket?.emit('probe', received === null ? {} : { receivedUpTo: received }, onSign);
      },
      onSilent() {
        silentAtMs = performance.now();
        lose('it gives no sign of life');
      },
    });
  }

  // The type parameter ties the schema to the event of the same name.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  function handleNotice<TName extends NoticeName>(name: TName, body: unknown, second: unknown): void {
    const parsed = parseWith(notices[name], body);
    const numbering = second === undefined ? null : parseWith(numberingSchema, second);
    if (!parsed.ok || numbering?.ok === false) {
      const reason = parsed.ok ? 'the numbering' : parsed.reason;
      log('warn', 'a notice of the server does not fit the contract', { name, reason });
      return;
    }
    const number = numbering?.value.number ?? null;
    emitter.emit('notice', { name, body: parsed.value, number } as NumberedNotice);
  }

  return {
    get isOpen() {
      return socket?.connected === true;
    },
    on: emitter.on,
    open() {
      if (wanted) return;
      wanted = true;
      tryOpen();
    },
    request(name, request, onAnswer) {
      // socket.io would keep the request for the next connection, where it means nothing.
      if (socket?.connected !== true) return onAnswer(fault('there is no connection to the server'));
      let answered = false;
      const settle = (answer: Answer<ReplyOf<typeof name>>): void => {
        if (answered) return;
        answered = true;
        stop();
        onAnswer(answer);
      };
      // The socket is let go of at once when it is lost, and says nothing of what it has not answered.
      const stop = emitter.on('lost', () => settle(fault('the connection was lost')));
      socket.timeout(answerTimeoutMs).emit(name, request, (error: Error | null, answer: unknown) => {
        if (error !== null) return settle(fault(error.message));
        const parsed = parseWith(answerSchema(name), answer);
        settle(parsed.ok ? parsed.value : fault(`the answer does not fit the contract: ${parsed.reason}`));
      });
    },
    sendNumbered(name, request, numbering) {
      if (socket?.connected === true) socket.emit(name, request, numbering);
    },
    watch(readReceived) {
      receivedUpTo = readReceived;
      probe();
      return () => {
        if (receivedUpTo !== readReceived) return;
        receivedUpTo = null;
        stopProbe();
      };
    },
    sendBeacon(path, body) {
      // Text: the one kind of body for which another origin's server need not be asked first.
      globalThis.navigator.sendBeacon(new URL(path, base), JSON.stringify(body));
    },
    close() {
      wanted = false;
      const before = socket;
      socket = null;
      before?.off();
      // In order: what was said last is still sent.
      before?.disconnect();
      drop();
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
