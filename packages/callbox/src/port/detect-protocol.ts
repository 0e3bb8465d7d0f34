/** What a TCP connection speaks, by its first byte. */
export type Protocol = 'tls' | 'turn' | 'http' | 'unknown';

/**
 * Tells protocols apart by the first byte a client sends. They cannot be confused: a TLS record of a handshake begins
 * with 22 (RFC 8446 §5.1), a STUN message with two zero bits and a method below 0x400 (RFC 8489 §5), an HTTP request
 * with a letter of its method (RFC 9112 §3).
 */
export function detectProtocol(firstByte: number): Protocol {
  if (firstByte === 0x16) return 'tls';
  if (firstByte <= 0x03) return 'turn';
  const isUpperCase = firstByte >= 0x41 && firstByte <= 0x5a;
  const isLowerCase = firstByte >= 0x61 && firstByte <= 0x7a;
  return isUpperCase || isLowerCase ? 'http' : 'unknown';
}
