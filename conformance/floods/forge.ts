import type { FloodKind } from './messages.ts';
import { CALLER_IP, OUTSIDE_MAC, SERVER_IP, SERVER_MAC } from './network.ts';

const ETHERNET_BYTES = 14;
const IP_BYTES = 20;
const UDP_BYTES = 8;
const STUN_BYTES = 20;
const IP = ETHERNET_BYTES;
const UDP = IP + IP_BYTES;
const BODY = UDP + UDP_BYTES;
/** 10.71.0.0 */
const FORGED_NETWORK_NUMBER = 0x0a47_0000;

/** Frames of one kind of flood, each from another address and port. */
export function forgeFrames(
  kind: FloodKind,
  choice: { readonly port: number; readonly count: number },
): readonly Buffer[] {
  const template = createTemplate(payloadOf(kind), choice.port);
  const random = createFastRandom();
  return Array.from({ length: choice.count }, () => forgeFrame(kind, template, random));
}

function forgeFrame(kind: FloodKind, template: Buffer, random: () => number): Buffer {
  const frame = Buffer.from(template);
  if (kind === 'victim') frame.set(octetsOf(CALLER_IP), IP + 12);
  else frame.writeUInt32BE(FORGED_NETWORK_NUMBER + (random() & 0xffff), IP + 12);
  frame.writeUInt16BE(1024 + (random() % 60_000), UDP);
  // The last octets of the transaction id.
  frame.writeUInt32BE(random(), BODY + 16);
  const payloadBytes = kind === 'malformed' ? malform(frame, random()) : frame.length - BODY;
  frame.writeUInt16BE(IP_BYTES + UDP_BYTES + payloadBytes, IP + 2);
  frame.writeUInt16BE(UDP_BYTES + payloadBytes, UDP + 4);
  frame.writeUInt16BE(checksumOf(frame.subarray(IP, UDP)), IP + 10);
  return frame.subarray(0, BODY + payloadBytes);
}

function payloadOf(kind: FloodKind): Buffer {
  const requestedTransport = Buffer.of(0, 0x19, 0, 4, 17, 0, 0, 0);
  switch (kind) {
    case 'unsigned':
    case 'victim':
    case 'malformed':
      return stun(0x0003, requestedTransport);
    case 'binding':
      return stun(0x0001, Buffer.alloc(0));
    case 'garbage-integrity': {
      const identity = [
        attribute(0x0006, 'ana'),
        attribute(0x0014, 'flood.example'),
        attribute(0x0015, 'AAAAAAAAAAAAAAAA'),
      ];
      return stun(
        0x0003,
        Buffer.concat([requestedTransport, ...identity, attribute(0x0008, 'x'.repeat(20))]),
      );
    }
  }
}

/** Turns an Allocate into one of many things that are no message; gives the payload's length. */
function malform(frame: Buffer, random: number): number {
  const wholeBytes = STUN_BYTES + 8;
  switch (random % 6) {
    case 0: // A header that promises attributes.
      return STUN_BYTES;
    case 1:
      return random % 4;
    case 2: // A length of no whole words.
      frame.writeUInt16BE(7, BODY + 2);
      return wholeBytes;
    case 3: // An attribute that ends behind its message.
      frame.writeUInt16BE(400, BODY + STUN_BYTES + 2);
      return wholeBytes;
    case 4: // ChannelData of a channel nobody has.
      frame.writeUInt32BE(0x4000_0010, BODY);
      return wholeBytes;
    default: // Another cookie.
      frame.writeUInt32BE(random, BODY + 4);
      return wholeBytes;
  }
}

function stun(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(STUN_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(0x2112a442, 4);
  return Buffer.concat([header, body]);
}

function attribute(type: number, text: string): Buffer {
  const value = Buffer.from(text);
  const whole = Buffer.alloc(4 + ((value.length + 3) & ~3));
  whole.writeUInt16BE(type, 0);
  whole.writeUInt16BE(value.length, 2);
  value.copy(whole, 4);
  return whole;
}

/** Headers as they are in every frame, and the payload. */
function createTemplate(payload: Buffer, port: number): Buffer {
  const template = Buffer.alloc(BODY + payload.length);
  template.set([...macOf(SERVER_MAC), ...macOf(OUTSIDE_MAC), 0x08, 0x00]);
  template.set([0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17], IP);
  template.set(octetsOf(SERVER_IP), IP + 16);
  // A UDP checksum of zero is none (RFC 768).
  template.writeUInt16BE(port, UDP + 2);
  payload.copy(template, BODY);
  return template;
}

/** xorshift: fast, and random enough for a stranger. */
function createFastRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Of an IPv4 header whose checksum is still zero (RFC 791 §3.1). */
function checksumOf(header: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < header.length; offset += 2) sum += header.readUInt16BE(offset);
  const folded = (sum & 0xffff) + (sum >>> 16);
  return ~((folded & 0xffff) + (folded >>> 16)) & 0xffff;
}

function macOf(text: string): readonly number[] {
  return text.split(':').map((octet) => Number.parseInt(octet, 16));
}

function octetsOf(ip: string): readonly number[] {
  return ip.split('.').map(Number);
}
