import type { Answer, Refusal, ReplyOf, RequestName, RequestOf } from '@callbox/contract';
import type { ConnectionEvents, SignalingConnection } from '../connection/signaling-connection.ts';
import { createEmitter } from '../emitter.ts';

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
    emit: emitter.emit,
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
    refuse(name: RequestName, code: Refusal['code']) {
      take(name).answer({ ok: false, error: { code, message: `refused: ${code}` } });
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
