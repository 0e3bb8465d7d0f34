import {
  numberedRequests,
  parseWith,
  requests,
  type Answer,
  type NumberedRequestName,
  type Numbering,
  type ParsedRequestOf,
  type ParticipantId,
  type Refusal,
  type ReplyOf,
  type RoomName,
} from '@callbox/contract';
import { decideChat, decidePeerMessage, decideUpdate, type Decision } from '../rooms/decide.ts';
import type { RoomFact } from '../rooms/room-fact.ts';
import type { RoomStore } from '../store/room-store.ts';

/** Where somebody is, and as whom. */
export interface Place {
  readonly room: RoomName;
  readonly id: ParticipantId;
}

/** What a numbered request asks of the room in which its author is. */
type NumberedDecisions = {
  readonly [TName in NumberedRequestName]: (
    place: Place,
    request: ParsedRequestOf<TName>,
    numbering?: Numbering,
  ) => Decision<ReplyOf<TName>>;
};

/** A numbered request as it came; `refusal` says why it is not carried out, whatever it asks for. */
interface NumberedRequest {
  readonly name: unknown;
  readonly input: unknown;
  readonly number: number;
  /** What its author had heard when it was sent. */
  readonly receivedUpTo: number | undefined;
  readonly refusal: Refusal | null;
}

/** Carries out what has a place in the stream of its author: each once, and in order. */
export interface NumberedRequests {
  readonly decisions: NumberedDecisions;
  /** @returns why it does not count, or null; whatever counts is answered in the stream of its author. */
  take(place: Place, request: NumberedRequest): Answer<never> | null;
}

export function createNumberedRequests({
  store,
  now,
  record,
}: {
  readonly store: Pick<RoomStore, 'get'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly record: (room: RoomName, fact: RoomFact) => void;
}): NumberedRequests {
  const decisions: NumberedDecisions = {
    'participant-update': ({ room, id }, request, numbering) =>
      decideUpdate(store.get(room), id, request, numbering?.number),
    'peer-message-send': ({ room, id }, request, { number, receivedUpTo } = {}) =>
      decidePeerMessage(store.get(room), id, request, {
        ...(number !== undefined && { request: number }),
        ...(receivedUpTo !== undefined && { receivedUpTo }),
      }),
    'chat-send': ({ room, id }, request, numbering) =>
      decideChat(store.get(room), id, request, now(), numbering?.number),
  };

  function decide(place: Place, request: NumberedRequest): Decision<unknown> {
    const { name, input, number, receivedUpTo, refusal } = request;
    if (refusal !== null) return { ok: false, refusal };
    const known = numberedRequests.find((candidate) => candidate === name);
    if (known === undefined) return refuse('no request of this name is numbered');
    const numbering = { number, ...(receivedUpTo !== undefined && { receivedUpTo }) };
    return decideParsed(decisions, place, known, input, numbering);
  }

  return {
    decisions,
    take(place, request) {
      const seat = store.get(place.room).members.get(place.id)?.seat ?? null;
      const { number } = request;
      if (seat === null) return answerOf(refuse('numbers are for those who have claimed a seat'));
      // A repeat: its answer is on its way, or has arrived.
      if (number <= seat.requestsUpTo) return null;
      if (number > seat.requestsUpTo + 1) {
        return answerOf(refuse(`number: ${number} does not follow ${seat.requestsUpTo}`));
      }
      const decision = decide(place, request);
      if (decision.ok && decision.fact !== null) record(place.room, decision.fact);
      else {
        const answer = decision.ok ? { ok: true as const, value: decision.value } : answerOf(decision);
        record(place.room, { kind: 'request-answered', id: place.id, request: number, answer });
      }
      return null;
    },
  };
}

function decideParsed<TName extends NumberedRequestName>(
  decisions: NumberedDecisions,
  place: Place,
  name: TName,
  input: unknown,
  numbering: Numbering,
): Decision<ReplyOf<TName>> {
  const parsed = parseWith(requests[name].request, input);
  if (!parsed.ok) return refuse(parsed.reason);
  return decisions[name](place, parsed.value, numbering);
}

function refuse(message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code: 'bad-request', message } };
}

function answerOf({ refusal }: { readonly refusal: Refusal }): Answer<never> {
  return { ok: false, error: refusal };
}
