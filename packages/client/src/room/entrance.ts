import type { Answer, ErrorCode, Refusal, ReplyOf, RequestOf, RoomName } from '@callbox/contract';
import { fault, type SignalingConnection } from '../connection/signaling-connection.ts';
import type { SeatLine } from './seat-line.ts';

export interface EntranceOptions {
  readonly connection: SignalingConnection;
  readonly line: SeatLine;
  /** What to ask with, now. */
  readonly createRequest: () => RequestOf<'room-join'>;
  /** Inside, for the first time or again; each time as somebody new to the room. */
  readonly onEntered: (reply: ReplyOf<'room-join'>, request: RequestOf<'room-join'>) => void;
  /** Back in the same seat: nothing has happened but what the notices that follow tell. */
  readonly onResumed: (reply: ReplyOf<'room-resume'>) => void;
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
  /** As `leave`, from a page that another may follow. @returns the token by which that one comes again, if there is any. */
  part(): string | null;
}

/** How long the first way in may take. */
const arriveWithinMs = 15_000;
const askAgainMs = 1_000;
/** For how long a refusal to one who was inside may be of the moment. */
const comeBackWithinMs = 30_000;
/** The server may count the lost connection as inside for a while: the room can be full of ourselves. */
const passingCodes: ReadonlySet<ErrorCode> = new Set(['rate-limited', 'internal', 'room-full']);

export function createEntrance(options: EntranceOptions): Entrance {
  const { connection, line } = options;
  const stops: (() => void)[] = [];
  let state: 'outside' | 'asking' | 'inside' | 'over' = 'outside';
  let room: RoomName | null = null;
  let refusedSinceMs: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(): void {
    if (state !== 'outside') return;
    state = 'asking';
    if (room !== null && line.canResume) return line.resume(room, settleResume);
    const request = options.createRequest();
    line.join(request, (answer) => settleJoin(answer, request));
  }

  function settleResume(answer: Answer<ReplyOf<'room-resume'>>): void {
    if (state !== 'asking') return;
    if (answer.ok) {
      arrive();
      options.onResumed(answer.value);
    } else if (answer.error.code === 'resume-refused' && answer.error.reason !== 'removed') {
      state = 'outside';
      line.abandon();
      ask();
    } else {
      settleRefusal(answer.error);
    }
  }

  function settleJoin(answer: Answer<ReplyOf<'room-join'>>, request: RequestOf<'room-join'>): void {
    if (state !== 'asking') return;
    if (!answer.ok) return settleRefusal(answer.error);
    arrive();
    room = answer.value.room;
    options.onEntered(answer.value, request);
  }

  function arrive(): void {
    clearTimeout(timer);
    state = 'inside';
    refusedSinceMs = null;
  }

  function settleRefusal(refusal: Refusal): void {
    state = 'outside';
    // Lost while asking: asked again as soon as it is back.
    if (!connection.isOpen) return;
    if (mayPass(refusal)) timer = setTimeout(ask, askAgainMs);
    else refuse(refusal);
  }

  function mayPass({ code }: Refusal): boolean {
    const wasInside = room !== null;
    if (!wasInside || !passingCodes.has(code)) return false;
    refusedSinceMs ??= performance.now();
    return performance.now() - refusedSinceMs < comeBackWithinMs;
  }

  function handleLost(): void {
    line.pause();
    if (state !== 'inside') return;
    state = 'outside';
    options.onLost();
  }

  function refuse(refusal: Refusal): void {
    end();
    line.end();
    options.onRefused(refusal);
  }

  function end(): void {
    state = 'over';
    clearTimeout(timer);
    for (const stop of stops.splice(0)) stop();
  }

  /** @returns whether there was anything to end. */
  function stop(): boolean {
    const wasOver = state === 'over';
    end();
    return !wasOver;
  }

  return {
    enter() {
      if (state !== 'outside') return;
      stops.push(
        connection.on('opened', ask),
        connection.on('lost', handleLost),
        connection.on('refused', refuse),
        line.on('notice:seat-taken', () =>
          refuse({ code: 'resume-refused', message: 'another page has taken this seat', reason: 'outdated' }),
        ),
      );
      const { error } = fault('the server cannot be reached');
      timer = setTimeout(() => refuse(error), arriveWithinMs);
      if (connection.isOpen) ask();
      else connection.open();
    },
    leave() {
      // Also while asking: the server answers in order, so this undoes the entry that is on its way.
      if (stop()) line.leave();
    },
    part: () => (stop() ? line.part() : null),
  };
}
