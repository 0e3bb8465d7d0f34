import type { MessageClass } from './stun-message.ts';

/** The highest method number: twelve bits (RFC 8489 §5). */
export const MAX_METHOD = 0xfff;

/** Class bits as they lie in the message type: C1 is bit 8, C0 is bit 4 (RFC 8489 §5, figure 3). */
const CLASS_BITS: Readonly<Record<MessageClass, number>> = {
  request: 0x000,
  indication: 0x010,
  success: 0x100,
  error: 0x110,
};

/** Class and method to the 14-bit message type: the class bits sit between the bits of the method. */
export function encodeMessageType(messageClass: MessageClass, method: number): number {
  return ((method & 0xf80) << 2) | ((method & 0x070) << 1) | (method & 0x00f) | CLASS_BITS[messageClass];
}

/** The method within a message type. */
export function methodOfType(type: number): number {
  return ((type & 0x3e00) >> 2) | ((type & 0x00e0) >> 1) | (type & 0x000f);
}

/** The class within a message type. */
export function classOfType(type: number): MessageClass {
  if ((type & 0x100) === 0) return (type & 0x010) === 0 ? 'request' : 'indication';
  return (type & 0x010) === 0 ? 'success' : 'error';
}
