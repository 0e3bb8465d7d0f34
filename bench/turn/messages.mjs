// The few messages of STUN and TURN that the load needs (RFC 8489, RFC 8656), IPv4 only; independent of the server's own code.
import { createHash, createHmac, randomBytes } from 'node:crypto';

const COOKIE = 0x2112a442;

export const METHOD = { allocate: 0x003, refresh: 0x004, createPermission: 0x008, channelBind: 0x009 };
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  transport: 0x0019,
};

/** Random octets by the block: a request each would cost as much as the rest of it. */
let ids = Buffer.alloc(0);
let idsUsed = 0;

function writeTransactionId(message) {
  if (idsUsed === ids.length) {
    ids = randomBytes(12 * 1024);
    idsUsed = 0;
  }
  ids.copy(message, 8, idsUsed, idsUsed + 12);
  idsUsed += 12;
}

function attribute(type, value) {
  const octets = Buffer.alloc(4 + ((value.length + 3) & ~3));
  octets.writeUInt16BE(type, 0);
  octets.writeUInt16BE(value.length, 2);
  value.copy(octets, 4);
  return octets;
}

function xorAddress({ address, port }) {
  const value = Buffer.alloc(8);
  value[1] = 1;
  value.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  value.writeInt32BE(ipNumber(address) ^ COOKIE, 4);
  return value;
}

export const ipNumber = (text) => text.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);

export function longTermKey({ username, realm, password }) {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

const TRANSPORT_UDP = Buffer.of(17, 0, 0, 0);
const MAX_REQUEST_BYTES = 512;
const INTEGRITY_BYTES = 24;

/** A request, signed if there is a key. */
export function encodeRequest(method, { peer, channel, lifetime, auth }) {
  const message = Buffer.allocUnsafe(MAX_REQUEST_BYTES);
  let length = 20;
  const add = (type, value) => {
    message.writeUInt16BE(type, length);
    message.writeUInt16BE(value.length, length + 2);
    message.writeInt32BE(0, length + 4 + (value.length & ~3));
    length += 4 + value.copy(message, length + 4);
    length = (length + 3) & ~3;
  };
  if (method === METHOD.allocate) add(ATTRIBUTE.transport, TRANSPORT_UDP);
  if (channel !== undefined) add(ATTRIBUTE.channel, Buffer.of(channel >> 8, channel & 255, 0, 0));
  if (lifetime !== undefined) add(ATTRIBUTE.lifetime, Buffer.of(0, 0, 0, lifetime));
  if (peer !== undefined) add(ATTRIBUTE.peer, xorAddress(peer));
  if (auth !== undefined) {
    add(ATTRIBUTE.username, auth.username);
    add(ATTRIBUTE.realm, auth.realm);
    add(ATTRIBUTE.nonce, auth.nonce);
  }
  message.writeUInt16BE(method, 0);
  message.writeUInt16BE(length - 20 + (auth === undefined ? 0 : INTEGRITY_BYTES), 2);
  message.writeUInt32BE(COOKIE, 4);
  writeTransactionId(message);
  if (auth === undefined) return message.subarray(0, length);
  const mac = createHmac('sha1', auth.key).update(message.subarray(0, length)).digest();
  add(ATTRIBUTE.integrity, mac);
  return message.subarray(0, length);
}

/** What the load wants to know of an answer. */
export function readAnswer(octets) {
  const type = octets.readUInt16BE(0);
  const answer = { method: type & 0x000f, isError: (type & 0x0110) === 0x0110, code: 0 };
  const end = 20 + octets.readUInt16BE(2);
  for (let offset = 20; offset + 4 <= end;) {
    const name = octets.readUInt16BE(offset);
    const length = octets.readUInt16BE(offset + 2);
    const value = octets.subarray(offset + 4, offset + 4 + length);
    if (name === ATTRIBUTE.error) answer.code = value[2] * 100 + value[3];
    if (name === ATTRIBUTE.realm) answer.realm = Buffer.from(value);
    if (name === ATTRIBUTE.nonce) answer.nonce = Buffer.from(value);
    if (name === ATTRIBUTE.relayed) {
      const number = value.readInt32BE(4) ^ COOKIE;
      const address = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
      answer.relayed = { address, port: value.readUInt16BE(2) ^ (COOKIE >>> 16) };
    }
    offset += 4 + ((length + 3) & ~3);
  }
  return answer;
}

/** A payload on a channel. */
export function encodeChannelData(channel, payload) {
  const frame = Buffer.alloc(4 + payload.length);
  frame.writeUInt16BE(channel, 0);
  frame.writeUInt16BE(payload.length, 2);
  payload.copy(frame, 4);
  return frame;
}

/** A payload in a Send indication; the payload lies behind 36 octets. */
export function encodeSend(peer, payload) {
  const body = Buffer.concat([
    attribute(ATTRIBUTE.peer, xorAddress(peer)),
    attribute(ATTRIBUTE.data, payload),
  ]);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x0016, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(COOKIE, 4);
  writeTransactionId(header);
  return Buffer.concat([header, body]);
}
