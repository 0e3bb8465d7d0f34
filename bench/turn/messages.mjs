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

/** A request, signed if there is a key. */
export function encodeRequest(method, { peer, channel, lifetime, auth }) {
  const attributes = [];
  if (method === METHOD.allocate) attributes.push(attribute(ATTRIBUTE.transport, Buffer.of(17, 0, 0, 0)));
  if (channel !== undefined)
    attributes.push(attribute(ATTRIBUTE.channel, Buffer.of(channel >> 8, channel & 255, 0, 0)));
  if (lifetime !== undefined) attributes.push(attribute(ATTRIBUTE.lifetime, Buffer.of(0, 0, 0, lifetime)));
  if (peer !== undefined) attributes.push(attribute(ATTRIBUTE.peer, xorAddress(peer)));
  if (auth !== undefined) {
    attributes.push(
      attribute(ATTRIBUTE.username, Buffer.from(auth.username)),
      attribute(ATTRIBUTE.realm, Buffer.from(auth.realm)),
      attribute(ATTRIBUTE.nonce, auth.nonce),
    );
  }
  const body = Buffer.concat(attributes);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(method, 0);
  header.writeUInt16BE(body.length + (auth === undefined ? 0 : 24), 2);
  header.writeUInt32BE(COOKIE, 4);
  randomBytes(12).copy(header, 8);
  const message = Buffer.concat([header, body]);
  if (auth === undefined) return message;
  const mac = createHmac('sha1', auth.key).update(message).digest();
  return Buffer.concat([message, attribute(ATTRIBUTE.integrity, mac)]);
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
    if (name === ATTRIBUTE.realm) answer.realm = value.toString();
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
  randomBytes(12).copy(header, 8);
  return Buffer.concat([header, body]);
}
