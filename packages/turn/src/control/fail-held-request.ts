import { parseMessage } from '@callbox/stun';
import { encodeAnswer } from './encode-answer.ts';
import { NO_EFFECTS, type Outcome } from './outcome.ts';
import type { HeldRequest } from './questions.ts';

/**
 * 500 for a request about whose user there was no answer (RFC 8489 §14.8: a temporary fault of the server). Unsigned, as
 * there is no key; browsers take it and go on to their next server at once, where silence would keep them for forty
 * seconds.
 */
export function failHeldRequest({ octets }: Pick<HeldRequest, 'octets'>): Outcome {
  const parsed = parseMessage(octets);
  if (!parsed.ok) return { kind: 'drop', reason: parsed.reason };
  const { message } = parsed;
  return {
    kind: 'answer',
    octets: encodeAnswer(message, { errorCode: 500, attributes: [] }),
    errorCode: 500,
    method: message.method,
    effects: NO_EFFECTS,
  };
}
