import type {
  Answer,
  NoticeName,
  NoticeOf,
  NumberedRequestName,
  Numbering,
  Refusal,
  ReplyOf,
  RequestName,
  RequestOf,
} from '@callbox/contract';
import type {
  ConnectionEvents,
  NumberedNotice,
  SignalingConnection,
} from '../connection/signaling-connection.ts';
import { createEmitter } from '../emitter.ts';

interface NumberedRequest {
  readonly name: NumberedRequestName;
  readonly request: unknown;
  readonly numbering: Numbering;
}

interface SentRequest {
  readonly name: RequestName;
  readonly request: unknown;
  readonly answer: (answer: Answer<unknown>) => void;
}

/** A connection to a server that the test plays: requests wait until it answers them. */
export function createFakeSignaling() {
  const emitter = createEmitter<ConnectionEvents>();
  const waiting: SentRequest[] = [];
  const sent: SentRequest[] = [];
  const numbered: NumberedRequest[] = [];
  const beacons: { readonly path: string; readonly body: object }[] = [];
  const watches = new Set<() => number | null>();
  let open = false;

  const connection: SignalingConnection = {
    get isOpen() {
      return open;
    },
    on: emitter.on,
    open: () => {},
    request(name, request, onAnswer) {
      const entry = { name, request, answer: onAnswer as (answer: Answer<unknown>) => void };
      sent.push(entry);
      waiting.push(entry);
    },
    sendNumbered(name, request, numbering) {
      if (open) numbered.push({ name, request, numbering });
    },
    watch(receivedUpTo) {
      watches.add(receivedUpTo);
      return () => watches.delete(receivedUpTo);
    },
    sendBeacon: (path, body) => void beacons.push({ path, body }),
    close: () => {},
  };

  function take(name: RequestName): SentRequest {
    const index = waiting.findIndex((entry) => entry.name === name);
    const [entry] = index < 0 ? [] : waiting.splice(index, 1);
    if (entry === undefined) throw new Error(`nobody has asked for ${name}`);
    return entry;
  }

  return {
    connection,
    /** Requests with numbers, as they were sent; in an array that the test may empty. */
    numbered,
    beacons,
    /** What the server would be told to have arrived, by each who watches. */
    acknowledged: () => [...watches].map((receivedUpTo) => receivedUpTo()),
    emit: emitter.emit,
    /** The server says something, by its place in the stream of a seat if it has one. */
    notify<TName extends NoticeName>(name: TName, body: NoticeOf<TName>, number: number | null = null) {
      emitter.emit('notice', { name, body, number } as NumberedNotice);
    },
    open() {
      open = true;
      emitter.emit('opened', null);
    },
    lose() {
      open = false;
      emitter.emit('lost', null);
      const refusal: Refusal = { code: 'internal', message: 'disconnected' };
      for (const entry of waiting.splice(0)) entry.answer({ ok: false, error: refusal });
    },
    answer<TName extends RequestName>(name: TName, value: ReplyOf<TName>) {
      take(name).answer({ ok: true, value });
    },
    refuse(name: RequestName, code: Refusal['code'], reason?: Refusal['reason']) {
      const error = { code, message: `refused: ${code}`, ...(reason !== undefined && { reason }) };
      take(name).answer({ ok: false, error });
    },
    /** Every request of this name, in order. */
    requests<TName extends RequestName>(name: TName): RequestOf<TName>[] {
      return sent.flatMap((entry) => (entry.name === name ? [entry.request as RequestOf<TName>] : []));
    },
    /** How many requests of this name have no answer yet. */
    waiting: (name: RequestName) => waiting.filter((entry) => entry.name === name).length,
  };
}

export type FakeSignaling = ReturnType<typeof createFakeSignaling>;
