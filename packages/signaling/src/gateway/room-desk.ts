import {
  isRequestName,
  numberingSchema,
  parseRoomName,
  parseWith,
  requests,
  type Answer,
  type FirstOffer,
  type IceGrant,
  type Numbering,
  type Parsed,
  type ParsedRequestOf,
  type ParticipantId,
  type Refusal,
  type ReplyOf,
  type RequestName,
  type RoomName,
} from '@callbox/contract';
import { decideJoin, decideReceived, decideResume, findFormer } from '../rooms/decide-seat.ts';
import { decidePeerMessage, decideUpdate, type Decision } from '../rooms/decide.ts';
import { comerOrGoer } from '../rooms/comer-or-goer.ts';
import { deliveriesOf } from '../rooms/deliveries-of.ts';
import type { Patience } from '../rooms/judge-absence.ts';
import { remoteParticipants } from '../rooms/remote-participants.ts';
import type { RoomFact } from '../rooms/room-fact.ts';
import type { RoomStore } from '../store/room-store.ts';
import { createIceDesk, type IceDesk } from './ice-desk.ts';
import { createNumberedRequests } from './numbered-requests.ts';
import type { RequestOptions, Session, Visitor } from './session.ts';
import type { IceRequest, Logger, Presence } from './signaling-server-options.ts';
import { createStays, type Guest } from './stays.ts';

export interface RoomDeskOptions {
  readonly store: RoomStore;
  readonly maxParticipants: number;
  readonly patience: Patience;
  /** For how long one whose page went away may come again by another, in milliseconds. */
  readonly returnMs: number;
  readonly issueIceServers: (request: IceRequest) => IceGrant;
  readonly createParticipantId: () => ParticipantId;
  readonly createRoomId: () => string;
  /** The same for the same token, and of no use to who wants the token. */
  readonly hashToken: (token: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names this run of the server. */
  readonly instanceId: string;
  readonly logger: Logger;
  readonly onPresence: (presence: Presence) => void;
}

/** Answers the requests of all visitors: stands between the sockets, which it does not know, and the rooms. */
export interface RoomDesk {
  openSession(visitor: Visitor): Session;
  /**
   * Ends a stay from outside any connection: a page that goes away has no time for one. Silent about wrong tokens.
   *
   * @param mayReturn another page may follow, as in a reload.
   */
  readonly leaveByToken: (room: string, token: string, mayReturn?: boolean) => void;
  /** Does what is due by time alone. To be called a few times a second. */
  look(): void;
  /** Tells everybody that the server goes away for a moment. */
  announceRestart(): void;
  readonly ice: Pick<IceDesk, 'renewDue' | 'renewAll'>;
}

type Handlers<TNames extends RequestName> = {
  readonly [TName in TNames]: (
    guest: Guest,
    request: ParsedRequestOf<TName>,
    number?: number,
  ) => Answer<ReplyOf<TName>>;
};

export function createRoomDesk(options: RoomDeskOptions): RoomDesk {
  const { store, maxParticipants, hashToken, now, logger } = options;
  const ice = createIceDesk({
    ...options,
    deliver: (id, body) => stays.guests.get(id)?.visitor.notify({ name: 'ice-servers', body }),
  });

  const stays = createStays({ ...options, record, onGone: (id) => ice.forget(id) });

  /** Makes a fact so and tells those whom it concerns, as soon as it is written down. */
  function record(room: RoomName, fact: RoomFact): void {
    const state = store.record(room, fact);
    // Without the room's name: who knows it may come in.
    const comesOrGoes = comerOrGoer(fact);
    if (comesOrGoes !== null) {
      logger.info(fact.kind, { participantId: comesOrGoes, participants: state.members.size });
    }
    for (const { to, notice } of deliveriesOf(state, fact)) {
      for (const id of to) {
        const visitor = stays.guests.get(id)?.visitor;
        if (visitor === undefined) continue;
        const number = state.members.get(id)?.seat?.noticesUpTo;
        store.afterWritten(() => visitor.notify(notice, number));
      }
    }
  }

  function settle<T>(room: RoomName, decision: Decision<T>): Answer<T> {
    if (!decision.ok) return { ok: false, error: decision.refusal };
    if (decision.fact !== null) record(room, decision.fact);
    return { ok: true, value: decision.value };
  }

  function issueIce(visitor: Visitor, room: RoomName, participantId: ParticipantId): IceGrant {
    const { remoteAddress, host, secure, isProxied, origin } = visitor;
    const page = origin === undefined ? {} : { origin };
    return ice.issue({ participantId, room, remoteAddress, host, secure, isProxied, ...page });
  }

  function describeSeat(room: RoomName, id: ParticipantId, noticesUpTo?: number) {
    const { seat = null, lastChat = null } = store.get(room).members.get(id) ?? {};
    if (seat === null) return null;
    return {
      requestsUpTo: seat.requestsUpTo,
      noticesUpTo: noticesUpTo ?? seat.noticesUpTo,
      graceSeconds: options.patience.graceMs / 1_000,
      ...(lastChat !== null && { chatUpTo: lastChat.sequence }),
    };
  }

  function join(
    guest: Guest,
    room: RoomName,
    request: ParsedRequestOf<'room-join'>,
  ): Answer<ReplyOf<'room-join'>> {
    const { displayName, media, seat, replaces, offer } = request;
    const { dialect } = guest.visitor;
    const replacedHash = replaces === undefined ? undefined : hashToken(replaces);
    const former = replacedHash === undefined ? null : findFormer(store.get(room), replacedHash);
    const formerId = former?.participant.id;
    const decision = decideJoin(
      store.get(room),
      {
        participant: {
          id: guest.visitor.participantId ?? options.createParticipantId(),
          displayName,
          media,
          joinedAtMs: now(),
          ...(dialect === undefined ? {} : { dialect }),
        },
        seat:
          seat === undefined ? undefined : { tokenHash: hashToken(seat.token), connection: seat.connection },
        replaces: replacedHash === undefined ? undefined : { tokenHash: replacedHash },
        roomId: options.createRoomId(),
      },
      maxParticipants,
    );
    if (!decision.ok) return { ok: false, error: decision.refusal };
    const { id } = decision.value;
    // Before the room knows of it: if this fails, nobody has come in.
    const grant = issueIce(guest.visitor, room, id);
    // Whoever comes again has gone first, whether or not the page had the time to say so.
    if (decision.fact?.kind === 'participant-rejoined' && former?.isMember === true) {
      record(room, { kind: 'participant-parted', id });
    }
    settle(room, decision);
    stays.begin(guest, room, id);
    // A join that is sent again may say something else.
    const self = settle(room, decideUpdate(store.get(room), id, { displayName, media }));
    if (formerId !== undefined && formerId !== id) {
      if (former?.isMember === true) stays.leave(room, formerId, 'left');
      else stays.forget(room, formerId);
    }
    const isNew =
      decision.fact?.kind === 'participant-joined' || decision.fact?.kind === 'participant-rejoined';
    const offeredTo = isNew && offer !== undefined ? passFirstOffer(room, id, offer) : undefined;
    const state = store.get(room);
    const seatNow = state.members.get(id)?.seat ?? null;
    guest.missed = seatNow?.outbox ?? [];
    const own = describeSeat(room, id, seatNow?.acknowledgedUpTo);
    return {
      ok: true,
      value: {
        room,
        self: self.ok ? self.value : decision.value,
        participants: remoteParticipants(state, id),
        chat: [...state.chat],
        ice: grant,
        maxParticipants,
        instanceId: options.instanceId,
        ...(state.id === null ? {} : { roomId: state.id }),
        ...(own === null ? {} : { seat: own }),
        ...(offeredTo === undefined ? {} : { offeredTo }),
      },
    };
  }

  /** @returns who has the offer now: the first of those inside that it may be for. */
  function passFirstOffer(room: RoomName, from: ParticipantId, offer: FirstOffer): ParticipantId | undefined {
    const others = remoteParticipants(store.get(room), from);
    // One of the plain dialect knows other sections.
    const to = others.find(({ polite, dialect }) => !polite && dialect === undefined)?.id;
    if (to === undefined) return undefined;
    const message = { kind: 'description', generation: 0, type: 'offer', ...offer } as const;
    settle(room, decidePeerMessage(store.get(room), from, { to, message }));
    return to;
  }

  function resume(
    guest: Guest,
    room: RoomName,
    { seat, receivedUpTo }: ParsedRequestOf<'room-resume'>,
  ): Answer<ReplyOf<'room-resume'>> {
    const key = { tokenHash: hashToken(seat.token), connection: seat.connection };
    const decision = decideResume(store.get(room), key, receivedUpTo);
    if (!decision.ok) return { ok: false, error: decision.refusal };
    const self = decision.value;
    const grant = issueIce(guest.visitor, room, self.id);
    settle(room, decision);
    stays.begin(guest, room, self.id);
    const state = store.get(room);
    guest.missed = state.members.get(self.id)?.seat?.outbox ?? [];
    const own = describeSeat(room, self.id, receivedUpTo);
    if (own === null || state.id === null) throw new Error('a seat was resumed that is not there');
    const { instanceId } = options;
    return {
      ok: true,
      value: { room, self, ice: grant, maxParticipants, instanceId, roomId: state.id, seat: own },
    };
  }

  const numbered = createNumberedRequests({ store, now, record });
  const { decisions } = numbered;

  const handlers: Handlers<RequestName> = {
    'room-peek'(_guest, request) {
      const parsed = parseRoomName(request.room);
      if (!parsed.ok) return refuse('room-name-invalid', parsed.reason);
      const members = [...store.get(parsed.value).members.values()];
      const displayNames = members.map(({ participant }) => participant.displayName);
      return { ok: true, value: { room: parsed.value, displayNames, maxParticipants } };
    },
    'room-join': (guest, request) => comeIn(guest, request, join),
    'room-resume': (guest, request) => comeIn(guest, request, resume),
    'room-leave'({ place }, { mayReturn }) {
      if (place === null) return notInRoom();
      if (mayReturn === true) stays.part(place.room, place.id);
      else stays.leave(place.room, place.id, 'left');
      return { ok: true, value: {} };
    },
    'participant-update': ({ place }, request) =>
      place === null ? notInRoom() : settle(place.room, decisions['participant-update'](place, request)),
    'peer-message-send': ({ place }, request) =>
      place === null ? notInRoom() : settle(place.room, decisions['peer-message-send'](place, request)),
    'chat-send': ({ place }, request) =>
      place === null ? notInRoom() : settle(place.room, decisions['chat-send'](place, request)),
    'ice-renew'({ place, visitor }) {
      if (place === null) return notInRoom();
      return { ok: true, value: issueIce(visitor, place.room, place.id) };
    },
    probe(guest, { receivedUpTo }) {
      if (receivedUpTo !== undefined) noteReceived(guest, receivedUpTo);
      return { ok: true, value: {} };
    },
  };

  function comeIn<TRequest extends { readonly room: string }, TReply>(
    guest: Guest,
    request: TRequest,
    enter: (guest: Guest, room: RoomName, request: TRequest) => Answer<TReply>,
  ): Answer<TReply> {
    if (guest.place !== null)
      return refuse('already-in-room', 'this connection is in a room: leave it first');
    const parsed = parseRoomName(request.room);
    return parsed.ok ? enter(guest, parsed.value, request) : refuse('room-name-invalid', parsed.reason);
  }

  function noteReceived({ place }: Guest, upTo: number): void {
    if (place === null) return;
    const fact = decideReceived(store.get(place.room), place.id, upTo);
    if (fact !== null) record(place.room, fact);
  }

  function answerNow(guest: Guest, name: unknown, input: unknown): Answer<unknown> {
    if (!isRequestName(name)) return refuse('bad-request', 'no request has this name');
    return answerRequest(handlers, guest, name, input);
  }

  function request(
    guest: Guest,
    name: unknown,
    input: unknown,
    respond: (answer: Answer<unknown>) => void,
    { numbering, refusal = null }: RequestOptions,
  ): void {
    const place: Parsed<Numbering> =
      numbering === undefined ? { ok: true, value: {} } : parseWith(numberingSchema, numbering);
    const { number, receivedUpTo } = place.ok ? place.value : {};
    if (receivedUpTo !== undefined) noteReceived(guest, receivedUpTo);
    let answer: Answer<unknown> | null;
    if (!place.ok) answer = refuse('bad-request', place.reason);
    else if (number !== undefined)
      answer =
        guest.place === null
          ? notInRoom()
          : numbered.take(guest.place, { name, input, number, receivedUpTo, refusal });
    else if (refusal !== null) answer = { ok: false, error: refusal };
    else answer = answerNow(guest, name, input);
    if (answer === null) return;
    logger.debug('request answered', { request: name, refusal: answer.ok ? null : answer.error.code });
    const settled = answer;
    // A disk that is slow is no reason to take the server for dead.
    if (name === 'probe') return respond(settled);
    store.afterWritten(() => respond(settled));
    const { missed } = guest;
    guest.missed = [];
    for (const { notice, number } of missed) {
      store.afterWritten(() => guest.visitor.notify(notice, number));
    }
  }

  return {
    ice,
    openSession(visitor) {
      const guest: Guest = { visitor, place: null, missed: [] };
      return {
        request: (name, input, respond, requestOptions = {}) =>
          request(guest, name, input, respond, requestOptions),
        end: (reason, quietMs = 0) => stays.lose(guest, reason, quietMs),
      };
    },
    leaveByToken(text, token, mayReturn = false) {
      const room = parseRoomName(text);
      if (!room.ok) return;
      const found = findFormer(store.get(room.value), hashToken(token));
      if (found === null) return;
      const { id } = found.participant;
      if (!found.isMember) {
        if (!mayReturn) stays.forget(room.value, id);
      } else if (mayReturn) stays.part(room.value, id);
      else stays.leave(room.value, id, 'left');
    },
    look() {
      stays.look();
      store.repair();
    },
    announceRestart() {
      for (const { visitor } of stays.guests.values())
        visitor.notify({ name: 'server-restarting', body: {} });
    },
  };
}

function answerRequest<TName extends RequestName>(
  handlers: Handlers<RequestName>,
  guest: Guest,
  name: TName,
  input: unknown,
): Answer<ReplyOf<TName>> {
  const parsed = parseWith(requests[name].request, input);
  return parsed.ok ? handlers[name](guest, parsed.value) : refuse('bad-request', parsed.reason);
}

function refuse(code: Refusal['code'], message: string): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: { code, message } };
}

function notInRoom(): { readonly ok: false; readonly error: Refusal } {
  return refuse('not-in-room', 'join a room first');
}
