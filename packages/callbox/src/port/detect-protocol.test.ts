import { expect, test } from 'vitest';
import { detectProtocol } from './detect-protocol.ts';

test.each([
  ['a TLS handshake', 0x16, 'tls'],
  ['a STUN Binding or Allocate request', 0x00, 'turn'],
  ['a STUN method of the highest number', 0x03, 'turn'],
  ['GET', 'G'.charCodeAt(0), 'http'],
  ['a method in lower case', 'z'.charCodeAt(0), 'http'],
  ['ChannelData, which nobody can send first', 0x40, 'unknown'],
  ['SSLv2', 0x80, 'unknown'],
  ['a line break', 0x0a, 'unknown'],
  ['a digit', 0x30, 'unknown'],
])('%s is told by its first byte', (_what, byte, protocol) => {
  expect(detectProtocol(byte)).toBe(protocol);
});
