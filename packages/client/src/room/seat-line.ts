import {
  answerSchema,
  numberedRequests,
  parseWith,
  type Answer,
  type NoticeName,
  type NoticeOf,
  type NumberedRequestName,
  type ParticipantId,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type RoomName,
} from '@callbox/contract';
import { fault, type NumberedNotice, type SignalingConnection } from '../connection/signaling-connection.ts';
import { createEmitter, type Emitter } from '../emitter.ts';

export type SeatEvents = { readonly [TName in NoticeName as `notice:${TName}`]: NoticeOf<TName> };

/** The part of a line that its users' requests need. */
export interface RequestLine {
  request<TName extends RequestName>(
    name: TName,
    request: RequestOf<TName>,
    onAnswer: (answer: Answer<ReplyOf<TName>>) => void,
  ): void;
}

/**
 * What one stay says to the server and hears of it, over as many connections as it takes. With a seat, each request that
 * changes something is carried out once and each notice is handed over once, in order, whatever becomes of connections: what
 * is not answered yet is kept, and repeated when the seat is resumed. A server that keeps no seats is served as before.
 */
export interface SeatLine extends RequestLine {
  readonly on: Emitter<SeatEvents>['on'];
  /** Takes a seat. Once more, when the answer to the try before was lost, it is the same. */
  join(request: RequestOf<'room-join'>, onAnswer: (answer: Answer<ReplyOf<'room-join'>>) => void): void;
  /** Whether there is a seat to resume. */
  readonly canResume: boolean;
  resume(room: RoomName, onAnswer: (answer: Answer<ReplyOf<'room-resume'>>) => void): void;
  /** The connection is lost. */
  pause(): void;
  /** Gives up the seat, which cannot be resumed: what still waited for it is refused, and the next `join` takes a new one. */
  abandon(): void;
  /** Leaves, also from a page that is going away; what waits is refused. */
  leave(): void;
  /** As `leave`, but whoever has the token that is returned may come again as the same participant, within some seconds. */
  part(): string | null;
  /** Ends without a word: the server knows. */
  end(): void;
}

interface Waiting {
  readonly number: number;
  readonly name: NumberedRequestName;
  readonly characters: number;
  /** For whom it is, if it is a message to somebody. */
  readonly to: ParticipantId | null;
  readonly send: () => void;
  readonly settle: (answer: Answer<unknown>) => void;
}

/** What may wait for a server that is away: some minutes of chat and the mending of eight connections. */
const mostWaiting = 1_000;
const mostCharacters = 2_000_000;

/**
 * @param createToken makes a secret of 32 random bytes, in base64url.
 * @param partedToken what `part` returned in the page before this one.
 */
export function createSeatLine(
  connection: SignalingConnection,
  createToken: () => string,
  partedToken: string | null = null,
): SeatLine {
  const emitter = createEmitter<SeatEvents>();
  let room: string | null = null;
  let token: string | null = null;
  /** The one before, which the server may still hold for this page. */
  let formerToken: string | null = partedToken;
  let claims = 0;
  let seated = false;
  let live = false;
  let lastNumber = 0;
  let receivedUpTo = 0;
  let waiting: Waiting[] = [];
  let characters = 0;
  let stopWatching = () => {};
  const stopListening = connection.on('notice', take);

  function take({ name, body, number }: NumberedNotice): void {
    if (number !== null) {
      // Of a seat before this one, or heard already.
      if (!seated || number <= receivedUpTo) return;
      receivedUpTo = number;
    }
    if (name === 'participant-left') withdraw(body.id);
    if (name === 'answer') settle(body);
    // One object per notice in the type of all: name and body belong together.
    else emitter.emit(`notice:${name}`, body);
  }

  function settle({ request, answer }: NoticeOf<'answer'>): void {
    const entry = waiting.find(({ number }) => number === request);
    if (entry === undefined) return;
    forget(entry);
    const parsed = parseWith(answerSchema(entry.name), answer);
    entry.settle(parsed.ok ? parsed.value : fault(`the answer does not fit the contract: ${parsed.reason}`));
  }

  /**
   * What waited for somebody who has left is not for the page by which they may come again. Its number stays, for the server
   * counts: by that it asks for nothing, unless the server has it already.
   */
  function withdraw(id: ParticipantId): void {
    const withdrawn = waiting.filter(({ to }) => to === id);
    waiting = waiting.map((entry) => (entry.to === id ? emptied(entry) : entry));
    for (const { settle: tell } of withdrawn) tell(fault('the participant has left'));
  }

  function emptied({ number, characters: size }: Waiting): Waiting {
    return {
      number,
      name: 'participant-update',
      characters: size,
      to: null,
      send: () => connection.sendNumbered('participant-update', {}, { number, receivedUpTo }),
      settle: () => {},
    };
  }

  function forget(entry: Waiting): void {
    waiting = waiting.filter((other) => other !== entry);
    characters -= entry.characters;
  }

  function refuseWaiting(): void {
    const refused = waiting;
    waiting = [];
    characters = 0;
    for (const entry of refused) entry.settle(fault('the stay in the room is over'));
  }

  function queue<TName extends NumberedRequestName>(
    name: TName,
    request: RequestOf<TName>,
    onAnswer: (answer: Answer<ReplyOf<TName>>) => void,
  ): void {
    const size = JSON.stringify(request).length;
    if (waiting.length >= mostWaiting || characters + size > mostCharacters) {
      return onAnswer(fault('too much waits for the server already'));
    }
    lastNumber += 1;
    const number = lastNumber;
    const entry: Waiting = {
      number,
      name,
      characters: size,
      to: 'to' in request ? request.to : null,
      send: () => connection.sendNumbered(name, request, { number, receivedUpTo }),
      // Its answer was read by the schema of its name.
      settle: (answer) => onAnswer(answer as Answer<ReplyOf<TName>>),
    };
    waiting.push(entry);
    characters += size;
    if (live) entry.send();
  }

  function abandon(): void {
    formerToken = token ?? formerToken;
    token = null;
    claims = 0;
    seated = false;
    live = false;
    refuseWaiting();
  }

  function end(): void {
    stopWatching();
    stopListening();
    abandon();
  }

  function goAway(mayReturn: boolean): void {
    const word = mayReturn ? { mayReturn } : {};
    if (claims > 0) connection.request('room-leave', word, () => {});
    // Heard also from a page that is going away, and while the connection is lost.
    if (seated) connection.sendBeacon('leave', { room, token, ...word });
    end();
  }

  return {
    on: emitter.on,
    request(name, request, onAnswer) {
      // Name, request and answer belong together, which is lost where the name is told from others.
      if (seated && isNumbered(name)) queue(name, request as never, onAnswer as never);
      else connection.request(name, request, onAnswer);
    },
    join(request, onAnswer) {
      token ??= createToken();
      room = request.room;
      claims += 1;
      const claim = {
        seat: { token, connection: claims },
        ...(formerToken !== null && { replaces: formerToken }),
      };
      connection.request('room-join', { ...request, ...claim }, (answer) => {
        const seat = answer.ok ? answer.value.seat : undefined;
        if (seat !== undefined) {
          formerToken = null;
          seated = true;
          live = true;
          lastNumber = seat.requestsUpTo;
          receivedUpTo = seat.noticesUpTo;
        }
        onAnswer(answer);
      });
      // After it: the one who waits at the door does not wait for a sign of life.
      stopWatching();
      stopWatching = connection.watch(() => (live ? receivedUpTo : null));
    },
    get canResume() {
      return seated;
    },
    resume(resumed, onAnswer) {
      if (token === null) return onAnswer(fault('there is no seat'));
      claims += 1;
      const seat = { token, connection: claims };
      connection.request('room-resume', { room: resumed, seat, receivedUpTo }, (answer) => {
        if (answer.ok) {
          const { requestsUpTo } = answer.value.seat;
          live = true;
          // Those that the server has are answered in its stream.
          for (const entry of waiting) if (entry.number > requestsUpTo) entry.send();
        }
        onAnswer(answer);
      });
    },
    pause() {
      live = false;
    },
    abandon,
    leave: () => goAway(false),
    part() {
      // Before the first answer nobody knows which of the two it will be; what was asked was asked in order.
      const returnToken = claims > 0 ? token : formerToken;
      goAway(true);
      return returnToken;
    },
    end,
  };
}

function isNumbered(name: RequestName): name is NumberedRequestName {
  return numberedRequests.some((numbered) => numbered === name);
}
