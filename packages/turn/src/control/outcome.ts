import type { EncodedAttribute, ParseFailure } from '@callbox/stun';
import type { Allocation } from '../allocation/allocation.ts';
import type { TurnErrorCode } from '../codec/error-code.ts';
import type { RelayId, RouteChange } from '../plane/route-change.ts';
import type { Family } from './control.ts';
import type { Refusal } from './refusal.ts';
import type { VerifiedRequest } from './verified-request.ts';

/** What has happened to an allocation, for logs, counters and whoever subscribes. */
export type AllocationEvent =
  | { readonly kind: 'allocation-created'; readonly allocation: Allocation }
  | { readonly kind: 'allocation-refreshed'; readonly allocation: Allocation }
  | { readonly kind: 'allocation-ended'; readonly allocation: Allocation; readonly cause: EndCause };

/** Why an allocation ended: its client gave it back, let it expire or lost its connection, or the server ended it. */
export type EndCause = 'deleted' | 'expired' | 'client-gone' | 'ended-by-operator' | 'server-stopped';

/** What follows from a decision: control has changed its state, the data plane has to follow. */
export interface Effects {
  readonly changes: readonly RouteChange[];
  readonly events: readonly AllocationEvent[];
}

export const NO_EFFECTS: Effects = { changes: [], events: [] };

/** What a method makes of a verified request. */
export type MethodResult =
  | {
      readonly kind: 'success';
      readonly attributes: readonly EncodedAttribute[];
      readonly effects: Effects;
      /** See `Outcome`. */
      readonly answerAfterMs?: number;
    }
  | {
      readonly kind: 'failure';
      readonly code: TurnErrorCode;
      readonly attributes?: readonly EncodedAttribute[] | undefined;
      readonly refusal?: Refusal | undefined;
    }
  | NeedsSocket;

/** Nothing has changed yet: the relay port has to become a socket first. */
export interface NeedsSocket {
  readonly kind: 'needs-socket';
  readonly relay: RelayId;
  readonly family: Family;
}

/** Why a message got no answer; fit to name a counter. */
export type DropReason = ParseFailure | 'not-a-request' | 'unknown-method' | 'answer-limit' | 'held-limit';

/** What the server has to do about a message. */
export type Outcome =
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | {
      readonly kind: 'answer';
      readonly octets: Uint8Array;
      /** Absent for a success. */
      readonly errorCode?: TurnErrorCode;
      readonly method: number;
      readonly effects: Effects;
      /** The answer is held back for so long; everything else is done at once. */
      readonly answerAfterMs?: number | undefined;
      /** Given where a refusal is worth a line. */
      readonly refusal?: Refusal | undefined;
    }
  /** The request is held; ask the embedder about this user, and hand in again what waits for the answer. */
  | { readonly kind: 'ask'; readonly username: string }
  /** The request is held, and the question has been put. */
  | { readonly kind: 'held' }
  /** Open the socket, say how that went with `recordSocket`, and go on with `continueRequest`. */
  | (NeedsSocket & { readonly request: VerifiedRequest });

export function failure(
  code: TurnErrorCode,
  {
    attributes,
    refusal,
  }: {
    readonly attributes?: readonly EncodedAttribute[];
    readonly refusal?: Refusal;
  } = {},
): Extract<MethodResult, { kind: 'failure' }> {
  return { kind: 'failure', code, attributes, refusal };
}

export function success(
  attributes: readonly EncodedAttribute[],
  effects: Effects = NO_EFFECTS,
): Extract<MethodResult, { kind: 'success' }> {
  return { kind: 'success', attributes, effects };
}
