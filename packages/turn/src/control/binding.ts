import {
  unknownAttributes,
  unknownRequiredAttributes,
  xorMappedAddress,
  type StunMessage,
} from '@callbox/stun';
import type { Instant } from '../auth/instant.ts';
import { KNOWN_ATTRIBUTES } from '../codec/known-attributes.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { Control } from './control.ts';
import { encodeAnswer } from './encode-answer.ts';
import { NO_EFFECTS, type Outcome } from './outcome.ts';

/** Tells the client its address as we see it, and no more: 32 octets for IPv4 (RFC 8489 §6.3.1). */
export function handleBinding(
  control: Control,
  now: Instant,
  { message, client }: { readonly message: StunMessage; readonly client: ClientPath },
): Outcome {
  if (client.transport === 'udp' && !control.bindingAnswers.mayAnswer(client.remote, now.monotonicMs)) {
    return { kind: 'drop', reason: 'answer-limit' };
  }
  if (client.transport === 'udp') control.heardOverUdp.note(client.remote, now.monotonicMs);
  const unknown = unknownRequiredAttributes(message, KNOWN_ATTRIBUTES);
  const { method, transactionId } = message;
  if (unknown.length > 0) {
    const attributes = [unknownAttributes.encode(unknown, transactionId)];
    const octets = encodeAnswer(message, { errorCode: 420, attributes });
    return { kind: 'answer', octets, errorCode: 420, method, effects: NO_EFFECTS };
  }
  const attributes = [xorMappedAddress.encode(client.remote, transactionId)];
  return { kind: 'answer', octets: encodeAnswer(message, { attributes }), method, effects: NO_EFFECTS };
}
