// The floor of setting up: answers each step with what a client accepts and decides nothing, by the system calls that a server
// cannot do without. What it costs is the kernel's: `node floor.mjs '{"address":"10.98.0.1","port":3478}'`.
import {
  createAddress,
  createBlock,
  openRelay,
  openUdp,
  Receiver,
  Sender,
  Watcher,
} from './system-calls.mjs';
import { ipNumber, METHOD } from './messages.mjs';

const given = {
  address: '10.98.0.1',
  port: 3478,
  /** A socket for each relay, in the epoll set, as for the first permission of a peer outside. */
  hasSockets: true,
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
/** A challenge has to be as long as ours, a signed answer too; what stands in the signature nobody checks. */
const REALM = 'bench';
const NONCE = 'A'.repeat(16);
const INTEGRITY_BYTES = 24;
const MAX_ANSWERS = 64;

const server = openUdp(ipNumber(given.address), undefined, given.port);
const watcher = new Watcher();
const receiver = new Receiver({ hasNames: true });
const sender = new Sender();
watcher.add(server, 0);

function attribute(type, value) {
  const octets = Buffer.alloc(4 + ((value.length + 3) & ~3));
  octets.writeUInt16BE(type, 0);
  octets.writeUInt16BE(value.length, 2);
  Buffer.from(value).copy(octets, 4);
  return octets;
}

function createTemplate(type, attributes, hasIntegrity) {
  const body = Buffer.concat(hasIntegrity ? [...attributes, Buffer.alloc(INTEGRITY_BYTES)] : attributes);
  if (hasIntegrity) {
    body.writeUInt16BE(0x0008, body.length - INTEGRITY_BYTES);
    body.writeUInt16BE(20, body.length - INTEGRITY_BYTES + 2);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, body]);
}

const TEMPLATES = {
  challenge: createTemplate(
    0x0113,
    [
      attribute(0x0009, [0, 0, 4, 1]),
      attribute(0x0014, Buffer.from(REALM)),
      attribute(0x0015, Buffer.from(NONCE)),
    ],
    false,
  ),
  // Where the relay is does not matter here: nothing is sent to it.
  allocate: createTemplate(
    0x0103,
    [
      attribute(0x0016, [0, 1, 0xc0, 0, 0x2b, 0x70, 0xa4, 0x43]),
      attribute(0x0020, [0, 1, 0xc0, 0, 0x2b, 0x70, 0xa4, 0x43]),
      attribute(0x000d, [0, 0, 2, 88]),
    ],
    true,
  ),
  refresh: createTemplate(0x0104, [attribute(0x000d, [0, 0, 0, 0])], true),
  createPermission: createTemplate(0x0108, [], true),
  channelBind: createTemplate(0x0109, [], true),
};
const places = Array.from({ length: MAX_ANSWERS }, () => ({
  block: createBlock(256),
  address: createAddress(0, 0),
}));

function templateFor(method, length) {
  // A request that is not signed is short.
  if (method === METHOD.allocate) return length < 40 ? TEMPLATES.challenge : TEMPLATES.allocate;
  if (method === METHOD.createPermission) return TEMPLATES.createPermission;
  return method === METHOD.channelBind ? TEMPLATES.channelBind : TEMPLATES.refresh;
}

let relays = 0;

function answer(slot) {
  const at = receiver.at(slot);
  const { bytes } = receiver;
  const method = bytes[at + 1];
  const template = templateFor(method, receiver.lengthOf(slot));
  if (method === METHOD.createPermission && given.hasSockets) {
    relays += 1;
    watcher.add(openRelay(ipNumber(given.address)), relays);
  }
  const { block, address } = places[slot];
  template.copy(block.bytes);
  bytes.copy(block.bytes, 8, at + 8, at + HEADER_BYTES);
  receiver.copySender(slot, address);
  sender.push(block, template.length, address);
}

process.on('message', ({ id }) => process.send({ id, result: {} }));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

function turn() {
  const events = watcher.wait(1);
  for (let event = 0; event < events; event += 1) {
    if (watcher.number(event) !== 0) continue;
    const count = receiver.receive(server);
    for (let slot = 0; slot < count; slot += 1) answer(slot);
    sender.flush(server);
  }
  setImmediate(turn);
}
turn();
