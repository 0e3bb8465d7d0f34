import type { Answer, ParticipantId, Refusal } from '@callbox/contract';
import type { Notice } from '../rooms/notice.ts';
import type { LeaveReason } from '../rooms/room-fact.ts';
import type { Approach } from './signaling-server-options.ts';

/** One who speaks to the server, by a socket or from within the process, as far as rooms care. */
export interface Visitor extends Approach {
  /**
   * Is told something. Called in the order of events, be it from within a call of a session or a moment later; with a
   * number where the visitor has claimed a seat and the notice is part of its stream.
   */
  readonly notify: (notice: Notice, number?: number) => void;
  /** Another connection has taken this one's place. */
  readonly close?: () => void;
  /** See `Participant.dialect`. Decided by who opens the session, never by who speaks. */
  readonly dialect?: 'plain';
  /** The id that this visitor has in every room it enters, one at a time. By default a new one for each stay. */
  readonly participantId?: ParticipantId;
}

export interface RequestOptions {
  /** The second argument of the event, as it came. */
  readonly numbering?: unknown;
  /** The request is refused for this, whatever it asks for. */
  readonly refusal?: Refusal | null;
}

/** What one visitor may do. */
export interface Session {
  /**
   * Asks for something, as it came from outside. `respond` is called once and in the order of requests and notices, as
   * soon as what has happened is written down, but for a numbered request that was taken: its answer is a notice.
   */
  request(
    name: unknown,
    input: unknown,
    respond: (answer: Answer<unknown>) => void,
    options?: RequestOptions,
  ): void;
  /**
   * The visitor's connection is over. Who has a seat keeps it for the grace, and leaves by `room-leave` only; who has none
   * leaves now.
   *
   * @param quietMs for how long nothing had come from the visitor.
   */
  end(reason: LeaveReason, quietMs?: number): void;
}
