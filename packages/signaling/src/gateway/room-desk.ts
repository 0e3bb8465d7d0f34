import {
  isRequestName,
  parseRoomName,
  parseWith,
  requests,
  type Answer,
  type IceGrant,
  type ParsedRequestOf,
  type ParticipantId,
  type Refusal,
  type ReplyOf,
  type RequestName,
  type RoomName,
} from '@callbox/contract';
import { decideChat, decideJoin, decideLeave, decideUpdate, type Decision } from '../rooms/decide.ts';
import { deliveryOf, type Notice } from '../rooms/delivery-of.ts';
import { remoteParticipants } from '../rooms/remote-participants.ts';
import type { LeaveReason, RoomFact } from '../rooms/room-fact.ts';
import type { RoomStore } from '../rooms/room-store.ts';
import { createIceDesk, type IceDesk } from './ice-desk.ts';
import type { Approach, IceRequest, Logger, Presence } from './signaling-server-options.ts';

export interface RoomDeskOptions {
  readonly store: RoomStore;
  readonly maxParticipants: number;
  readonly issueIceServers: (request: IceRequest) => IceGrant;
  readonly createParticipantId: () => ParticipantId;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names this run of the server. */
  readonly instanceId: string;
  readonly logger: Logger;
  readonly onPresence: (presence: Presence) => void;
}

/** One connection, as far as rooms care. */
export interface Visitor extends Approach {
  readonly notify: (notice: Notice) => void;
}

/** What one connection may ask for. */
export interface Session {
  /** Answers one event as it came from outside. Throws only where the program is at fault. */
  answer(name: unknown, input: unknown): Answer<unknown>;
  /** The connection is over: takes its participant out of the room, if it is in one. */
  end(reason: LeaveReason): void;
}

/** Answers the requests of all connections: stands between the sockets, which it does not know, and the rooms. */
export interface RoomDesk {
  openSession(visitor: Visitor): Session;
  readonly ice: Pick<IceDesk, 'renewDue' | 'renewAll'>;
}

/** A connection and the place it has taken, if any. */
interface Guest {
  readonly visitor: Visitor;
  seat: { readonly room: RoomName; readonly id: ParticipantId } | null;
}

type Handlers = {
  readonly [TName in RequestName]: (guest: Guest, request: ParsedRequestOf<TName>) => Answer<ReplyOf<TName>>;
};

export function createRoomDesk(options: RoomDeskOptions): RoomDesk {
  const { store, maxParticipants } = options;
  const visitors = new Map<ParticipantId, Visitor>();
  const ice = createIceDesk({
    ...options,
    deliver: (id, body) => visitors.get(id)?.notify({ name: 'ice-servers', body }),
  });

  /** Makes a fact so and tells those whom it concerns. */
  function record(room: RoomName, fact: RoomFact): void {
    const state = store.record(room, fact);
    if (fact.kind === 'participant-joined' || fact.kind === 'participant-left') {
      // Without the room's name: who knows it may come in.
      const id = fact.kind === 'participant-left' ? fact.id : fact.participant.id;
      options.logger.info(fact.kind, { participantId: id, participants: state.members.size });
    }
    const delivery = deliveryOf(state, fact);
    for (const id of delivery.to) visitors.get(id)?.notify(delivery.notice);
  }

  function settle<T>(room: RoomName, decision: Decision<T>): Answer<T> {
    if (!decision.ok) return { ok: false, error: decision.refusal };
    if (decision.fact !== null) record(room, decision.fact);
    return { ok: true, value: decision.value };
  }

  function issueIce(visitor: Visitor, room: RoomName, participantId: ParticipantId): IceGrant {
    const { remoteAddress, host, secure, isProxied } = visitor;
    return ice.issue({ participantId, room, remoteAddress, host, secure, isProxied });
  }

  function leave(guest: Guest, reason: LeaveReason): void {
    if (guest.seat === null) return;
    const { room, id } = guest.seat;
    guest.seat = null;
    visitors.delete(id);
    ice.forget(id);
    settle(room, decideLeave(store.get(room), id, reason));
    report('left', guest.visitor, room, id);
  }

  function report(
    kind: Presence['kind'],
    visitor: Visitor,
    room: RoomName,
    participantId: ParticipantId,
  ): void {
    options.onPresence({ kind, room, participantId, remoteAddress: visitor.remoteAddress });
  }

  const handlers: Handlers = {
    'room-peek'(_guest, request) {
      const parsed = parseRoomName(request.room);
      if (!parsed.ok) return refuse('room-name-invalid', parsed.reason);
      const members = [...store.get(parsed.value).members.values()];
      const displayNames = members.map(({ participant }) => participant.displayName);
      return { ok: true, value: { room: parsed.value, displayNames, maxParticipants } };
    },

    'room-join'(guest, request) {
      if (guest.seat !== null)
        return refuse('already-in-room', 'this connection is in a room: leave it first');
      const parsed = parseRoomName(request.room);
      if (!parsed.ok) return refuse('room-name-invalid', parsed.reason);
      const room = parsed.value;
      const decision = decideJoin(
        store.get(room),
        {
          id: options.createParticipantId(),
          displayName: request.displayName,
          media: request.media,
          joinedAtMs: options.now(),
        },
        maxParticipants,
      );
      if (!decision.ok) return { ok: false, error: decision.refusal };
      const self = decision.value;
      // Before the room knows of it: if this fails, nobody has come in.
      const grant = issueIce(guest.visitor, room, self.id);
      settle(room, decision);
      guest.seat = { room, id: self.id };
      visitors.set(self.id, guest.visitor);
      report('entered', guest.visitor, room, self.id);
      const state = store.get(room);
      return {
        ok: true,
        value: {
          room,
          self,
          participants: remoteParticipants(state, self.id),
          chat: [...state.chat],
          ice: grant,
          maxParticipants,
          instanceId: options.instanceId,
        },
      };
    },

    'room-resume': () => ({
      ok: false,
      error: { code: 'resume-refused', reason: 'unknown', message: 'this server knows no such seat' },
    }),

    probe: () => ({ ok: true, value: {} }),

    'room-leave'(guest) {
      if (guest.seat === null) return notInRoom();
      leave(guest, 'left');
      return { ok: true, value: {} };
    },

    'participant-update'(guest, request) {
      if (guest.seat === null) return notInRoom();
      return settle(guest.seat.room, decideUpdate(store.get(guest.seat.room), guest.seat.id, request));
    },

    'peer-message-send'(guest, { to, message }) {
      if (guest.seat === null) return notInRoom();
      const { room, id } = guest.seat;
      if (to === id || !store.get(room).members.has(to)) {
        return refuse('unknown-participant', 'nobody else in the room has that id');
      }
      visitors.get(to)?.notify({ name: 'peer-message', body: { from: id, message } });
      return { ok: true, value: {} };
    },

    'chat-send'(guest, request) {
      if (guest.seat === null) return notInRoom();
      const { room, id } = guest.seat;
      return settle(room, decideChat(store.get(room), id, request, options.now()));
    },

    'ice-renew'(guest) {
      if (guest.seat === null) return notInRoom();
      return { ok: true, value: issueIce(guest.visitor, guest.seat.room, guest.seat.id) };
    },
  };

  return {
    ice,
    openSession(visitor) {
      const guest: Guest = { visitor, seat: null };
      return {
        answer: (name, input) =>
          isRequestName(name)
            ? answerRequest(handlers, guest, name, input)
            : refuse('bad-request', 'no request has this name'),
        end: (reason) => leave(guest, reason),
      };
    },
  };
}

function answerRequest<TName extends RequestName>(
  handlers: Handlers,
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
