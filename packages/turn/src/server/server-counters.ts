import type { TurnErrorCode } from '../codec/error-code.ts';
import { METHOD } from '@callbox/stun';
import { TURN_METHOD } from '../codec/method.ts';
import type { DropReason, EndCause } from '../control/outcome.ts';
import type { RefusalReason } from '../control/refusal.ts';
import type { StreamEnd } from '../transport/stream-client.ts';

const SUCCESS_NAMES: ReadonlyMap<number, string> = new Map([
  [METHOD.binding, 'success_binding'],
  [TURN_METHOD.allocate, 'success_allocate'],
  [TURN_METHOD.refresh, 'success_refresh'],
  [TURN_METHOD.createPermission, 'success_create_permission'],
  [TURN_METHOD.channelBind, 'success_channel_bind'],
]);

const ERROR_NAMES: Readonly<Record<TurnErrorCode, string>> = {
  400: 'error_400',
  401: 'error_401',
  403: 'error_403',
  420: 'error_420',
  437: 'error_437',
  438: 'error_438',
  440: 'error_440',
  441: 'error_441',
  442: 'error_442',
  443: 'error_443',
  486: 'error_486',
  500: 'error_500',
  508: 'error_508',
};

const DROP_NAMES: Readonly<Record<DropReason, string>> = {
  'too-short': 'dropped_too_short',
  'not-stun': 'dropped_not_stun',
  'wrong-cookie': 'dropped_wrong_cookie',
  'length-not-multiple-of-four': 'dropped_length_not_multiple_of_four',
  'length-mismatch': 'dropped_length_mismatch',
  'attribute-overrun': 'dropped_attribute_overrun',
  'attribute-after-fingerprint': 'dropped_attribute_after_fingerprint',
  'fingerprint-mismatch': 'dropped_fingerprint_mismatch',
  'not-a-request': 'dropped_not_a_request',
  'unknown-method': 'dropped_unknown_method',
  'answer-limit': 'dropped_answer_limit',
  'held-limit': 'dropped_held_limit',
};

const END_NAMES: Readonly<Record<EndCause, string>> = {
  deleted: 'allocations_deleted',
  expired: 'allocations_expired',
  'client-gone': 'allocations_client_gone',
  'ended-by-operator': 'allocations_ended_by_operator',
  'server-stopped': 'allocations_server_stopped',
};

const REFUSAL_NAMES: Readonly<Record<RefusalReason, string>> = {
  'wrong-password': 'refused_wrong_password',
  'unknown-user': 'refused_unknown_user',
  'expired-credential': 'refused_expired_credential',
  'peer-not-allowed': 'refused_peer_not_allowed',
  'own-service': 'refused_own_service',
  'account-quota': 'refused_account_quota',
  'source-quota': 'refused_source_quota',
  'total-quota': 'refused_total_quota',
  'no-relay-port': 'refused_no_relay_port',
  'relay-port-taken': 'refused_relay_port_taken',
  'permission-limit': 'refused_permission_limit',
  'channel-limit': 'refused_channel_limit',
  draining: 'refused_draining',
};

/** What happens beside answers. */
const OCCASION_NAMES = {
  allocationCreated: 'allocations_created',
  allocationRefreshed: 'allocations_refreshed',
  allocationSeconds: 'allocations_ended_seconds',
  routesWithdrawn: 'routes_withdrawn',
  userAsked: 'users_asked_for',
  userFailed: 'users_asked_for_in_vain',
  heldTooLong: 'held_requests_timed_out',
  streamAccepted: 'streams_accepted',
  streamRefused: 'streams_refused',
} as const;

export type Occasion = keyof typeof OCCASION_NAMES;

const STREAM_END_NAMES: Readonly<Record<StreamEnd, string>> = {
  'not-a-message': 'streams_not_a_message',
  'frame-too-long': 'streams_frame_too_long',
  'message-timeout': 'streams_message_timeout',
  'idle-timeout': 'streams_idle_timeout',
  'client-does-not-read': 'streams_client_does_not_read',
  'closed-by-client': 'streams_closed_by_client',
  'server-stopped': 'streams_server_stopped',
};

/** Counts what control and the transports do. Every name is there from the start, so that a zero can be seen. */
export class ServerCounters {
  readonly #counts = new Map<string, number>();

  constructor() {
    const names = [
      SUCCESS_NAMES.values(),
      ...[ERROR_NAMES, REFUSAL_NAMES, DROP_NAMES, END_NAMES, STREAM_END_NAMES, OCCASION_NAMES].map(
        Object.values,
      ),
    ];
    for (const name of names.flatMap((group) => [...group])) this.#counts.set(name, 0);
  }

  countSuccess(method: number): void {
    this.#add(SUCCESS_NAMES.get(method));
  }

  countError(code: TurnErrorCode): void {
    this.#add(ERROR_NAMES[code]);
  }

  countDrop(reason: DropReason): void {
    this.#add(DROP_NAMES[reason]);
  }

  countRefusal(reason: RefusalReason): void {
    this.#add(REFUSAL_NAMES[reason]);
  }

  count(occasion: Occasion, amount = 1): void {
    this.#add(OCCASION_NAMES[occasion], amount);
  }

  countEnd(cause: EndCause): void {
    this.#add(END_NAMES[cause]);
  }

  countStreamEnd(end: StreamEnd): void {
    this.#add(STREAM_END_NAMES[end]);
  }

  snapshot(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #add(name: string | undefined, amount = 1): void {
    if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount);
  }
}
