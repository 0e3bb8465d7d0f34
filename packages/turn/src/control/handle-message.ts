import {
  ATTRIBUTE_TYPE,
  METHOD,
  parseMessage,
  unknownAttributes,
  unknownRequiredAttributes,
  type StunMessage,
} from '@callbox/stun';
import { fiveTupleOf } from '../allocation/allocation.ts';
import { authenticate, type Authentication } from '../auth/authenticate.ts';
import type { Instant } from '../auth/instant.ts';
import { KNOWN_ATTRIBUTES } from '../codec/known-attributes.ts';
import { TURN_METHOD } from '../codec/method.ts';
import type { ClientPath } from '../plane/client-path.ts';
import { handleAllocate } from './allocate.ts';
import { handleBinding } from './binding.ts';
import { handleChannelBind } from './channel-bind.ts';
import type { Control } from './control.ts';
import type { IncomingMessage } from './incoming-message.ts';
import { handleCreatePermission } from './create-permission.ts';
import { encodeAnswer } from './encode-answer.ts';
import { failure, NO_EFFECTS, type MethodResult, type Outcome } from './outcome.ts';
import { holdRequest } from './hold-request.ts';
import { handleRefresh } from './refresh.ts';
import type { AllocationRequest, VerifiedRequest } from './verified-request.ts';

type Method = (control: Control, now: Instant, request: VerifiedRequest) => MethodResult;

const METHODS: ReadonlyMap<number, Method> = new Map([
  [TURN_METHOD.allocate, handleAllocate],
  [TURN_METHOD.refresh, onOwnAllocation(handleRefresh)],
  [TURN_METHOD.createPermission, onOwnAllocation(handleCreatePermission)],
  [TURN_METHOD.channelBind, onOwnAllocation(handleChannelBind)],
]);

/**
 * Decides about one message from a client: everything that is not media. Changes the state of control and says what
 * else there is to do. Octets are only lent; what is held is a copy.
 */
export function handleMessage(control: Control, now: Instant, incoming: IncomingMessage): Outcome {
  const { client, octets } = incoming;
  const parsed = parseMessage(octets);
  if (!parsed.ok) return { kind: 'drop', reason: parsed.reason };
  const { message } = parsed;
  if (message.class !== 'request') return { kind: 'drop', reason: 'not-a-request' };
  if (message.method === METHOD.binding) return handleBinding(control, now, { message, client });
  const method = METHODS.get(message.method);
  if (method === undefined) return { kind: 'drop', reason: 'unknown-method' };

  const fiveTuple = fiveTupleOf(client);
  const allocation = control.allocations.find(fiveTuple);
  const authentication = authenticate(message, {
    realm: control.realm,
    credentials: control.rules.credentials,
    nonces: control.nonces,
    client: client.remote,
    epochSeconds: now.epochSeconds,
    owner: allocation?.owner,
    answer: incoming.answer,
    mayAsk: control.settings.questions.isAnswered,
  });
  if (authentication.kind === 'ask')
    return holdRequest(control, now, { incoming, fiveTuple, ...authentication });
  if (authentication.kind === 'refused') return refuse(control, now, { message, client, authentication });
  const request: VerifiedRequest = { message, client, fiveTuple, user: authentication.user, allocation };
  if (message.method === TURN_METHOD.allocate && allocation === undefined && hasExpired(request, now)) {
    const refusal = { reason: 'expired-credential', account: request.user.account } as const;
    return refuse(control, now, {
      message,
      client,
      authentication: { kind: 'refused', code: 401, challenge: true, refusal },
    });
  }
  return answer(request, checkAttributes(message) ?? method(control, now, request));
}

/** Takes a request up again that needed a socket. Who sent it is known; everything else is looked at anew. */
export function continueRequest(control: Control, now: Instant, request: VerifiedRequest): Outcome {
  const method = METHODS.get(request.message.method);
  return method === undefined
    ? { kind: 'drop', reason: 'unknown-method' }
    : answer(request, method(control, now, request));
}

/** Looked at when an allocation is made and never again: a call may outlive its ticket. */
function hasExpired({ user }: VerifiedRequest, now: Instant): boolean {
  return user.expiresAtEpochSeconds !== undefined && user.expiresAtEpochSeconds <= now.epochSeconds;
}

/**
 * Refuses a stranger, as long as his address has not been sent too many answers. Streams prove their address, and so does a
 * nonce that was ours: a call whose nonce has grown old must not end because somebody floods us in its name.
 */
function refuse(
  control: Control,
  now: Instant,
  refusal: {
    readonly message: StunMessage;
    readonly client: ClientPath;
    readonly authentication: Extract<Authentication, { kind: 'refused' }>;
  },
): Outcome {
  const { message, client, authentication } = refusal;
  const isRationed = client.transport === 'udp' && authentication.hasHeardUs !== true;
  if (isRationed && !control.strangerAnswers.mayAnswer(client.remote, now.monotonicMs)) {
    return { kind: 'drop', reason: 'answer-limit' };
  }
  const { method } = message;
  const attributes = authentication.challenge
    ? [
        control.realm.attribute,
        { type: ATTRIBUTE_TYPE.nonce, value: control.nonces.issue(client.remote, now.epochSeconds) },
      ]
    : [];
  const errorCode = authentication.code;
  const octets = encodeAnswer(message, { errorCode, attributes });
  return { kind: 'answer', octets, errorCode, method, effects: NO_EFFECTS, refusal: authentication.refusal };
}

/** What has to be understood and is not makes the request fail, after its sender is known (RFC 8489 §6.3.1). */
function checkAttributes(message: StunMessage): MethodResult | undefined {
  const unknown = unknownRequiredAttributes(message, KNOWN_ATTRIBUTES);
  return unknown.length === 0
    ? undefined
    : failure(420, { attributes: [unknownAttributes.encode(unknown, message.transactionId)] });
}

/** For all methods but Allocate: there has to be an allocation, and it has to be the sender's (RFC 8656 §5). */
function onOwnAllocation(
  handle: (control: Control, now: Instant, request: AllocationRequest) => MethodResult,
): Method {
  return (control, now, request) => {
    const { allocation, user } = request;
    if (allocation === undefined) return failure(437);
    if (allocation.owner.username !== user.username) return failure(441);
    // Spelled out: what is spread is made slowly, and so is whatever looks into it.
    const { message, client, fiveTuple } = request;
    return handle(control, now, { message, client, fiveTuple, user, allocation });
  };
}

function answer(request: VerifiedRequest, result: MethodResult): Outcome {
  const { message, user } = request;
  const { method } = message;
  switch (result.kind) {
    case 'needs-socket':
      return { kind: 'needs-socket', relay: result.relay, family: result.family, request };
    case 'failure': {
      const { code, attributes = [], refusal } = result;
      const octets = encodeAnswer(message, { errorCode: code, attributes, user });
      return { kind: 'answer', octets, errorCode: code, method, effects: NO_EFFECTS, refusal };
    }
    case 'success': {
      const { attributes, effects, answerAfterMs } = result;
      const octets = encodeAnswer(message, { attributes, user });
      return { kind: 'answer', octets, method, effects, answerAfterMs };
    }
  }
}
