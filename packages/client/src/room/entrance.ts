import type { Answer, ErrorCode, Refusal, ReplyOf, RequestOf } from '@callbox/contract';
import { fault, type SignalingConnection } from '../connection/signaling-connection.ts';

export interface EntranceOptions {
  readonly connection: SignalingConnection;
  /** What to ask with, now. */
  readonly createRequest: () => RequestOf<'room-join'>;
  /** Inside, for the first time or again; each time as somebody new to the room. */
  readonly onEntered: (reply: ReplyOf<'room-join'>, request: RequestOf<'room-join'>) => void;
  /** Was inside, and is on the way back. */
  readonly onLost: () => void;
  /** Not let in, or not again. */
  readonly onRefused: (refusal: Refusal) => void;
}

/** The way into a room, and back into it each time the connection was lost. */
export interface Entrance {
  enter(): void;
  /** Goes, or gives up going in. */
  leave(): void;
}

/** How long the first way in may take. */
const arriveWithinMs = 15_000;
const askAgainMs = 2_000;
/** For how long a refusal to one who was inside may be of the moment. */
const comeBackWithinMs = 30_000;
/** The server may count the lost connection as inside for a while: the room can be full of ourselves. */
const passingCodes: ReadonlySet<ErrorCode> = new Set(['rate-limited', 'internal', 'room-full']);

export function createEntrance(options: EntranceOptions): Entrance {
  const { connection } = options;
  const stops: (() => void)[] = [];
  let state: 'outside' | 'asking' | 'inside' | 'over' = 'outside';
  let wasInside = false;
  let refusedSinceMs: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(): void {
    if (state !== 'outside') return;
    state = 'asking';
    const request = options.createRequest();
    connection.request('room-join', request, (answer) => settle(answer, request));
  }

  function settle(answer: Answer<ReplyOf<'room-join'>>, request: RequestOf<'room-join'>): void {
    if (state !== 'asking') return;
    if (answer.ok) {
      clearTimeout(timer);
      state = 'inside';
      wasInside = true;
      refusedSinceMs = null;
      options.onEntered(answer.value, request);
      return;
    }
    state = 'outside';
    // Lost while asking: asked again as soon as it is back.
    if (!connection.isOpen) return;
    if (mayPass(answer.error)) timer = setTimeout(ask, askAgainMs);
    else refuse(answer.error);
  }

  function mayPass({ code }: Refusal): boolean {
    if (!wasInside || !passingCodes.has(code)) return false;
    refusedSinceMs ??= performance.now();
    return performance.now() - refusedSinceMs < comeBackWithinMs;
  }

  function handleLost(): void {
    if (state !== 'inside') return;
    state = 'outside';
    options.onLost();
  }

  function refuse(refusal: Refusal): void {
    end();
    options.onRefused(refusal);
  }

  function end(): void {
    state = 'over';
    clearTimeout(timer);
    for (const stop of stops.splice(0)) stop();
  }

  return {
    enter() {
      if (state !== 'outside') return;
      stops.push(
        connection.on('opened', ask),
        connection.on('lost', handleLost),
        connection.on('refused', refuse),
      );
      const { error } = fault('the server cannot be reached');
      timer = setTimeout(() => refuse(error), arriveWithinMs);
      if (connection.isOpen) ask();
      else connection.open();
    },
    leave() {
      // Also while asking: the server answers in order, so this undoes the entry that is on its way.
      if (state === 'asking' || state === 'inside') connection.request('room-leave', {}, () => {});
      end();
    },
  };
}
