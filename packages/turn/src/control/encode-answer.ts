import {
  ATTRIBUTE_TYPE,
  encodeMessage,
  errorCode as errorCodeAttribute,
  type EncodedAttribute,
  type StunMessage,
} from '@callbox/stun';
import type { VerifiedUser } from '../auth/authenticate.ts';
import { ERROR_PHRASE, type TurnErrorCode } from '../codec/error-code.ts';

/** An answer in words: an error has a code, a success has none. */
export interface Answer {
  readonly errorCode?: TurnErrorCode | undefined;
  readonly attributes: readonly EncodedAttribute[];
  /** Whoever has been verified gets every answer signed, errors too (RFC 8489 §9.2.4). */
  readonly user?: VerifiedUser | undefined;
}

/**
 * Writes the answer to a request. Strangers get no phrase and nobody gets SOFTWARE, so that answers do not amplify;
 * FINGERPRINT comes only to those who used it (RFC 8489 §7).
 */
export function encodeAnswer(request: StunMessage, { errorCode, attributes, user }: Answer): Uint8Array {
  const reason = errorCode === undefined || user === undefined ? '' : ERROR_PHRASE[errorCode];
  return encodeMessage({
    class: errorCode === undefined ? 'success' : 'error',
    method: request.method,
    transactionId: request.transactionId,
    attributes:
      errorCode === undefined
        ? attributes
        : [errorCodeAttribute.encode({ code: errorCode, reason }, request.transactionId), ...attributes],
    integrity: user,
    // It is the last where there is one.
    fingerprint: request.attributes.at(-1)?.type === ATTRIBUTE_TYPE.fingerprint,
  });
}
