// The load: clients and their peer in one process, which count what arrives. Closed loop: each allocation and direction has a
// window of packets under way, and what arrives makes room for more; what does not arrive is counted as lost after a pause.
// With `perSecond` packets leave by the clock instead and carry the time at which they did.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  encodeChannelData,
  encodeRequest,
  encodeSend,
  ipNumber,
  longTermKey,
  METHOD,
  readAnswer,
} from './messages.mjs';
import { createAddress, createBlock, openUdp, portOf, Receiver, Sender, Watcher } from './system-calls.mjs';

const given = {
  server: '10.98.0.1',
  port: 3478,
  ip: '10.98.1.1',
  username: 'bench',
  password: 'bench',
  allocations: 50,
  bytes: 1200,
  /** both, up (client to peer), down (peer to client) or relays (client to client). */
  pattern: 'both',
  /** channels or indications. */
  framing: 'channels',
  /** udp, tcp or tls, between client and server. */
  transport: 'udp',
  /** Packets under way, per allocation and direction. */
  window: 16,
  /** How many leave for one client before the next has its turn. */
  burst: 1,
  /** By the clock, all together; 0 for the closed loop. */
  perSecond: 0,
  /** The first client floods, with so many packets under way, while the others go by the clock; 0 for none. */
  floodWindow: 0,
  /** How many are set up at a time. */
  atOnce: 32,
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const CHANNEL = 0x4000;
const PEER = 0xffffffff;
const LOST_AFTER_MS = 300;
const ASK_AGAIN_MS = 500;
const { allocations: count } = given;
const server = createAddress(ipNumber(given.server), given.port);
const watcher = new Watcher();
const receiver = new Receiver();
const sender = new Sender();
const peerFd = openUdp(ipNumber(given.ip));
const peerPort = portOf(peerFd);
watcher.add(peerFd, PEER);

const STEPS = ['allocate', 'sign', 'permit', 'bind', 'ready', 'delete', 'gone'];
const READY = STEPS.indexOf('ready');

const clients = Array.from({ length: count }, (_, index) => ({
  index,
  fd: -1,
  socket: undefined,
  step: 0,
  askedAt: 0,
  tries: 0,
  request: undefined,
  block: undefined,
  auth: undefined,
  relayed: undefined,
  peer: undefined,
  // What it sends, and what its peer sends to its relay.
  up: undefined,
  down: undefined,
  relayAddress: undefined,
  tcpBytes: 0,
  tcpWaiting: Buffer.alloc(0),
}));
/** Under way, and when something last arrived. */
const flights = { up: new Int32Array(count), down: new Int32Array(count) };
const arrivals = { up: new Float64Array(count), down: new Float64Array(count) };
const totals = { sent: 0, arrived: 0, lost: 0, wrong: 0 };
let delays;
let delayCount = 0;

/** The payload begins with its allocation, its direction and the time it left. */
function createPayload(index, direction) {
  const payload = Buffer.alloc(given.bytes, 0x55);
  payload.writeUInt16BE(index, 0);
  payload.writeUInt16BE(direction, 2);
  return payload;
}

function createFrame(octets, payloadAt) {
  const block = createBlock((octets.length + 3) & ~3);
  octets.copy(block.bytes);
  return { ...block, length: octets.length, payloadAt };
}

function makeFrames(client) {
  const { index, relayed } = client;
  const payload = createPayload(index, 0);
  client.up =
    given.framing === 'channels'
      ? createFrame(encodeChannelData(CHANNEL, payload), 4)
      : createFrame(encodeSend(client.peer, payload), 36);
  client.down = createFrame(createPayload(index, 1), 0);
  client.relayAddress = createAddress(ipNumber(relayed.address), relayed.port);
}

// -- setting up

/** Where clients rest on their way, and how many have come so far. */
let goal = READY;
let atGoal = 0;

function ask(client) {
  const { auth } = client;
  if (client.step >= goal) {
    atGoal += 1;
    return;
  }
  const step = STEPS[client.step];
  if (step === 'allocate') client.request = encodeRequest(METHOD.allocate, {});
  else if (step === 'sign') client.request = encodeRequest(METHOD.allocate, { auth });
  else if (step === 'permit')
    client.request = encodeRequest(METHOD.createPermission, { auth, peer: client.peer });
  else if (step === 'bind')
    client.request = encodeRequest(METHOD.channelBind, { auth, peer: client.peer, channel: CHANNEL });
  else client.request = encodeRequest(METHOD.refresh, { auth, lifetime: 0 });
  say(client);
}

function say(client) {
  client.askedAt = performance.now();
  client.tries += 1;
  if (client.socket !== undefined) {
    client.socket.write(client.request);
    return;
  }
  client.request.copy(client.block.bytes);
  sender.push(client.block, client.request.length);
  sender.flush(client.fd);
}

/** One user, one key. */
let key;

function hearAnswer(client, octets) {
  if (client.request === undefined || octets.compare(client.request, 8, 20, 8, 20) !== 0) return;
  client.request = undefined;
  client.tries = 0;
  const answer = readAnswer(octets);
  const step = STEPS[client.step];
  if (step === 'allocate' && answer.code === 401) {
    const { username, password } = given;
    key ??= longTermKey({ username, realm: answer.realm.toString(), password });
    client.auth = { username: Buffer.from(username), realm: answer.realm, nonce: answer.nonce, key };
  } else if (answer.code === 438) {
    client.auth.nonce = answer.nonce;
    ask(client);
    return;
  } else if (answer.isError && !(step === 'delete' && answer.code === 437)) {
    throw new Error(`${step} of client ${client.index}: ${answer.code}`);
  }
  if (step === 'sign') {
    client.relayed = answer.relayed;
    client.peer = { address: given.ip, port: peerPort };
  }
  client.step += 1;
  if (STEPS[client.step] === 'bind' && given.framing !== 'channels') client.step += 1;
  ask(client);
}

// -- packets

/** A packet has arrived whose payload begins here. */
function arrived(bytes, view, at, length) {
  const index = (bytes[at] << 8) | bytes[at + 1];
  const direction = bytes[at + 3] === 0 ? 'up' : 'down';
  if (length !== given.bytes || index >= count || bytes[at + length - 1] !== 0x55) {
    totals.wrong += 1;
    return;
  }
  totals.arrived += 1;
  flights[direction][index] -= 1;
  if (delays === undefined || (given.floodWindow > 0 && index === 0)) return;
  const now = performance.now();
  arrivals[direction][index] = now;
  if (delayCount < delays.length) delays[delayCount++] = now - view.getFloat64(at + 8);
}

/** Servers put DATA in front of XOR-PEER-ADDRESS or behind it. */
const dataOffset = (bytes, at) => (bytes[at + 21] === 0x13 ? 24 : 36);

function receiveAtClient(client) {
  const n = receiver.receive(client.fd);
  for (let slot = 0; slot < n; slot += 1) {
    const at = receiver.at(slot);
    const length = receiver.lengthOf(slot);
    const first = receiver.bytes[at];
    if (first >= 0x40) arrived(receiver.bytes, receiver.view, at + 4, length - 4);
    else if (first === 0 && receiver.bytes[at + 1] === 0x17)
      arrived(receiver.bytes, receiver.view, at + dataOffset(receiver.bytes, at), given.bytes);
    else hearAnswer(client, Buffer.from(receiver.bytes.subarray(at, at + length)));
  }
  return n;
}

function receiveAtPeer() {
  const n = receiver.receive(peerFd);
  for (let slot = 0; slot < n; slot += 1) {
    arrived(receiver.bytes, receiver.view, receiver.at(slot), receiver.lengthOf(slot));
  }
  return n;
}

function receiveAll(timeoutMs) {
  const n = watcher.wait(timeoutMs);
  for (let event = 0; event < n; event += 1) {
    const number = watcher.number(event);
    if (number === PEER) receiveAtPeer();
    else receiveAtClient(clients[number]);
  }
}

function stamp(frame, now) {
  if (delays !== undefined) frame.view.setFloat64(frame.payloadAt + 8, now);
}

/** Sends so many packets of one client; gives how many left. */
function sendUp(client, n) {
  const { up } = client;
  if (client.socket !== undefined) {
    for (let sent = 0; sent < n; sent += 1) client.socket.write(up.bytes.subarray(0, (up.length + 3) & ~3));
    return n;
  }
  for (let pushed = 0; pushed < n; pushed += 1) sender.push(up, up.length);
  return sender.flush(client.fd);
}

const hasUp = given.pattern !== 'down';
const hasDown = given.pattern === 'both' || given.pattern === 'down';

/** One turn for everybody who may send. */
function sendAll() {
  const { window, burst } = given;
  let sent = 0;
  if (hasUp) {
    for (const client of clients) {
      const room = window - flights.up[client.index];
      if (room < burst) continue;
      const n = sendUp(client, burst);
      flights.up[client.index] += n;
      sent += n;
    }
  }
  if (hasDown) {
    for (const client of clients) {
      const room = window - flights.down[client.index];
      if (room < burst) continue;
      for (let n = 0; n < burst; n += 1) {
        if (sender.isFull) sender.flush(peerFd);
        sender.push(client.down, client.down.length, client.relayAddress);
      }
      flights.down[client.index] += burst;
      sent += burst;
    }
    sender.flush(peerFd);
  }
  totals.sent += sent;
  return sent;
}

/** What has not arrived by now will not, and what is under way begins anew. */
function writeOff() {
  for (const direction of ['up', 'down']) {
    for (let index = 0; index < count; index += 1) {
      totals.lost += Math.max(0, flights[direction][index]);
      flights[direction][index] = 0;
    }
  }
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));
const isTcp = given.transport !== 'udp';

async function runClosed(ms) {
  const end = performance.now() + ms;
  let arrivedBefore = -1;
  let checkAt = performance.now() + LOST_AFTER_MS;
  for (;;) {
    const now = performance.now();
    if (now >= end) break;
    if (now >= checkAt) {
      if (totals.arrived === arrivedBefore) writeOff();
      arrivedBefore = totals.arrived;
      checkAt = now + LOST_AFTER_MS;
    }
    const sent = sendAll();
    receiveAll(sent === 0 && !isTcp ? 1 : 0);
    if (isTcp) await turn();
  }
}

const FLOOD_BURST = 32;
let floodedAt = 0;

/** One client that sends as much as comes back to it, and more when nothing does. */
function flood(now) {
  const [client] = clients;
  if (given.floodWindow - flights.up[0] >= FLOOD_BURST) {
    stamp(client.up, now);
    const sent = sendUp(client, FLOOD_BURST);
    flights.up[0] += sent;
    totals.sent += sent;
    floodedAt = now;
  } else if (given.floodWindow > 0 && now - floodedAt > LOST_AFTER_MS) {
    totals.lost += flights.up[0];
    flights.up[0] = 0;
  }
}

/** By the clock: the next packet is that of the next client and direction. */
async function runPaced(ms) {
  const ways = [...(hasUp ? ['up'] : []), ...(hasDown ? ['down'] : [])];
  const beganAt = performance.now();
  const end = beganAt + ms;
  const { burst } = given;
  const stepMs = (1000 * burst) / given.perSecond;
  let next = 0;
  for (;;) {
    const now = performance.now();
    if (now >= end) break;
    while (beganAt + next * stepMs <= now) {
      const client = clients[Math.floor(next / ways.length) % count];
      const way = ways[next % ways.length];
      next += 1;
      if (way === 'up') {
        stamp(client.up, performance.now());
        sendUp(client, burst);
      } else {
        stamp(client.down, performance.now());
        for (let n = 0; n < burst; n += 1) sender.push(client.down, client.down.length, client.relayAddress);
        sender.flush(peerFd);
      }
      flights[way][client.index] += burst;
      totals.sent += burst;
      receiveAll(0);
    }
    flood(now);
    receiveAll(0);
    if (isTcp) await turn();
  }
}

/** What is under way gets the time to arrive. */
async function settle(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    receiveAll(isTcp ? 0 : 5);
    await turn();
  }
}

let isOpen = false;

async function openAll() {
  isOpen = true;
  for (const client of clients) {
    if (given.transport === 'udp') {
      client.fd = openUdp(ipNumber(given.ip), server);
      client.block = createBlock(512);
      watcher.add(client.fd, client.index);
      continue;
    }
    const to = { host: given.server, port: given.port, noDelay: true };
    const isTls = given.transport === 'tls';
    // The server's certificate is nobody's.
    client.socket = isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to);
    await new Promise((resolve, reject) => {
      client.socket.once(isTls ? 'secureConnect' : 'connect', resolve).once('error', reject);
    });
    client.socket.on('data', (octets) => {
      hearStream(client, octets);
    });
  }
}

function hearStream(client, octets) {
  let rest = client.tcpWaiting.length === 0 ? octets : Buffer.concat([client.tcpWaiting, octets]);
  while (rest.length >= 4) {
    const isChannel = rest[0] >= 0x40;
    const length = isChannel ? 4 + ((rest.readUInt16BE(2) + 3) & ~3) : 20 + rest.readUInt16BE(2);
    if (rest.length < length) break;
    const message = rest.subarray(0, length);
    const view = new DataView(message.buffer, message.byteOffset, length);
    if (isChannel) arrived(message, view, 4, message.readUInt16BE(2));
    else if (message[1] === 0x17) arrived(message, view, dataOffset(message, 0), given.bytes);
    else hearAnswer(client, Buffer.from(message));
    rest = rest.subarray(length);
  }
  client.tcpWaiting = rest.length === 0 ? rest : Buffer.from(rest);
}

/** Drives requests, a few at a time, until everybody has come so far. */
async function reach(step) {
  goal = step;
  atGoal = 0;
  let started = 0;
  const deadline = performance.now() + 30_000;
  let lookAt = performance.now() + ASK_AGAIN_MS;
  while (atGoal < count) {
    const now = performance.now();
    if (now > deadline) throw new Error(`${atGoal} of ${count} clients are ${STEPS[step]}`);
    for (; started < count && started - atGoal < given.atOnce; started += 1) ask(clients[started]);
    receiveAll(isTcp ? 0 : 1);
    if (now >= lookAt) {
      lookAt = now + ASK_AGAIN_MS;
      for (const client of clients) {
        if (client.request !== undefined && now - client.askedAt > ASK_AGAIN_MS) say(client);
      }
    }
    if (isTcp) await turn();
  }
}

async function setUp() {
  if (!isOpen) await openAll();
  const beganAt = performance.now();
  // Up to the relayed address, which is somebody's peer in one pattern.
  if (given.pattern === 'relays') {
    await reach(2);
    for (const client of clients) client.peer = clients[client.index ^ 1].relayed;
  }
  await reach(READY);
  const ms = performance.now() - beganAt;
  for (const client of clients) makeFrames(client);
  return ms;
}

const commands = {
  open: () => openAll(),
  setUp: async () => {
    const before = process.cpuUsage();
    const ms = await setUp();
    const { user, system } = process.cpuUsage(before);
    return { ms, spentMs: (user + system) / 1000 };
  },
  run: async ({ ms }) => {
    writeOff();
    Object.assign(totals, { sent: 0, arrived: 0, lost: 0, wrong: 0 });
    delays = given.perSecond > 0 ? new Float64Array(Math.ceil((given.perSecond * ms) / 500)) : undefined;
    delayCount = 0;
    const before = process.cpuUsage();
    await (given.perSecond > 0 ? runPaced(ms) : runClosed(ms));
    const spent = process.cpuUsage(before);
    const atEnd = { ...totals };
    return { ...atEnd, spentMs: (spent.user + spent.system) / 1000 };
  },
  settle: async () => {
    await settle(200);
    writeOff();
    const sorted = delays?.subarray(0, delayCount).sort();
    const quantile = (q) => sorted?.[Math.min(delayCount - 1, Math.floor(delayCount * q))];
    return {
      ...totals,
      delayMs: delayCount > 0 ? { p50: quantile(0.5), p99: quantile(0.99) } : undefined,
    };
  },
  /** Gives everything back, so that the server is as it was. */
  end: async () => {
    if (!isTcp && clients.every(({ step }) => step === READY)) await reach(STEPS.indexOf('gone'));
    setImmediate(() => process.exit(0));
    return {};
  },
};

process.on('message', ({ id, name, options }) => {
  void Promise.resolve()
    .then(() => commands[name](options))
    .then(
      (result) => process.send({ id, result }),
      (error) => process.send({ id, error: String(error.stack) }),
    );
});
process.send({ ready: true });
