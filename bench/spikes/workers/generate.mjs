// Clients and their peer: sends numbered packets through the relay, counts what comes back, per client and slot.
import { BATCH, HEADROOM, SLOT, SendBatch, createReceiveBatch } from './batch.mjs';
import * as sys from './system-calls.mjs';

const given = {
  clients: 40,
  perSecond: 100,
  size: 200,
  seconds: 5,
  tickMs: 5,
  suspectMs: 50,
  pairs: '',
  ...JSON.parse(process.argv[2]),
};
const PEER = 0xffffffff;
const epoll = sys.checked(sys.epollCreate(0x80000), 'epoll_create1');
const events = sys.createBlock(BATCH * 12);
const server = sys.createBlock(16);
sys.writeAddress(server.view, 0, sys.parseIp(given.server), given.port);
const peerFd = sys.openUdp(given.ip, 0, { bufferBytes: 4 << 20 });
const peerKey = sys.parseIp(given.ip) * 65536 + sys.localPort(peerFd);
sys.watch(epoll, peerFd, PEER);
const rx = createReceiveBatch();
const tx = new SendBatch(sys.sendmmsg);
const arena = sys.createBlock(BATCH * SLOT);
const request = sys.createBlock(32);
const maxSeq = Math.ceil(given.perSecond * (given.seconds + 6));
const delays = new Float64Array(400000);
let delayCount = 0;
let running = false;

const clients = Array.from({ length: given.clients }, (_, index) => {
  const fd = sys.openUdp(given.ip, 0);
  sys.connect(fd, server.at, 16);
  sys.watch(epoll, fd, index);
  return {
    index,
    fd,
    state: 0,
    slot: -1,
    port: 0,
    ip: 0,
    generation: -1,
    peer: given.pairs ? 0 : peerKey,
    sent: 0,
    credit: (index / given.clients) * 1,
    seen: new Uint8Array(maxSeq),
    lastEcho: 0,
    lastAsk: 0,
    reallocations: 0,
    moves: 0,
    outages: [],
    got: 0,
    twice: 0,
  };
});

function ask(client, type) {
  request.view.setUint16(0, type);
  request.view.setUint16(4, client.peer % 65536);
  request.view.setUint32(6, Math.floor(client.peer / 65536));
  tx.push(request.at, 20, 0);
  tx.flush(client.fd);
}

function hear(client, base, now) {
  const { view, bytes } = rx.data;
  if ((bytes[base] & 0xc0) === 0x40) {
    const sender = clients[view.getUint16(base + 8)];
    const seq = view.getUint32(base + 4);
    if (sender.seen[seq] === 1) sender.twice += 1;
    sender.seen[seq] = 1;
    sender.got += 1;
    if (running && delayCount < delays.length) delays[delayCount++] = now - view.getFloat64(base + 12);
    if (running && sender.lastEcho > 0 && now - sender.lastEcho > 40)
      sender.outages.push(now - sender.lastEcho);
    sender.lastEcho = now;
    return;
  }
  const type = view.getUint16(base);
  const port = view.getUint16(base + 4);
  if (type === 0x0103) {
    const slot = view.getUint16(base + 6);
    if (client.slot >= 0 && client.slot !== slot) client.moves += 1;
    if (client.port !== port) {
      if (client.port !== 0) client.reallocations += 1;
      client.state = 1;
    }
    client.slot = slot;
    client.port = port;
    client.ip = view.getUint32(base + 12);
    client.generation = view.getUint32(base + 8);
    if (client.state === 1 && client.peer !== 0) ask(client, 0x0009);
  } else if (type === 0x0109) client.state = 2;
}

function receive(timeout) {
  const n = sys.epollWait(epoll, events.at, BATCH, timeout);
  for (let e = 0; e < n; e += 1) {
    const data = events.view.getUint32(e * 12 + 4, true);
    const fd = data === PEER ? peerFd : clients[data].fd;
    for (;;) {
      const count = sys.recvmmsg(fd, rx.headers.at, BATCH, sys.MSG_DONTWAIT, 0);
      if (count <= 0) break;
      const now = performance.now();
      if (data === PEER) {
        for (let i = 0; i < count; i += 1)
          tx.push(rx.data.at + i * SLOT + HEADROOM, rx.lengthOf(i), rx.names.at + i * 16);
        tx.flush(peerFd);
      } else for (let i = 0; i < count; i += 1) hear(clients[data], i * SLOT + HEADROOM, now);
      if (count < BATCH) break;
    }
  }
}

function tick(now) {
  for (const client of clients) {
    const doubtful = client.state === 2 && client.sent > 0 && now - client.lastEcho > given.suspectMs;
    if ((client.state < 2 || doubtful) && now - client.lastAsk > 20) {
      client.lastAsk = now;
      ask(client, client.state === 1 && client.peer !== 0 ? 0x0009 : 0x0003);
    }
    if (!running || client.state !== 2) continue;
    client.credit += (given.perSecond * given.tickMs) / 1000;
    while (client.credit >= 1 && tx.count < BATCH) {
      client.credit -= 1;
      const base = tx.count * SLOT;
      arena.view.setUint16(base, 0x4000);
      arena.view.setUint16(base + 2, given.size - 4);
      arena.view.setUint32(base + 4, client.sent++);
      arena.view.setUint16(base + 8, client.index);
      arena.view.setFloat64(base + 12, now);
      tx.push(arena.at + base, given.size, 0);
    }
    if (tx.count > 0) tx.flush(client.fd);
  }
}

function until(deadline, done = () => false) {
  let next = performance.now();
  for (;;) {
    const now = performance.now();
    if (now >= deadline || done()) return;
    if (now >= next) {
      tick(now);
      next = Math.max(next + given.tickMs, now);
    }
    receive(Math.max(0, Math.ceil(next - performance.now())));
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

until(performance.now() + 3000, () => clients.every((c) => c.state >= 1));
if (given.pairs) {
  const bySlot = [0, 1].map((slot) => clients.filter((c) => c.slot === slot));
  const couples = [];
  if (given.pairs === 'cross')
    for (let i = 0; i < Math.min(bySlot[0].length, bySlot[1].length); i += 1)
      couples.push([bySlot[0][i], bySlot[1][i]]);
  else
    for (const list of bySlot)
      for (let i = 0; i + 1 < list.length; i += 2) couples.push([list[i], list[i + 1]]);
  for (const [a, b] of couples) {
    a.peer = b.ip * 65536 + b.port;
    b.peer = a.ip * 65536 + a.port;
  }
  until(performance.now() + 2000, () => couples.flat().every((c) => c.state === 2));
  // Give main the time to tell the workers of the pairs.
  until(performance.now() + 100);
}
process.send({ started: true, bound: clients.filter((c) => c.state === 2).length });
await turn();
running = true;
const now = performance.now();
for (const client of clients) client.lastEcho = now;
const slotsBefore = clients.map((c) => c.slot);
until(now + given.seconds * 1000);
running = false;
process.send({ sent: true });
await turn();
until(performance.now() + 300);

const sorted = delays.subarray(0, delayCount).sort();
const groups = [0, 1].map((slot) => {
  const list = clients.filter((c, i) => slotsBefore[i] === slot && c.sent > 0);
  const sum = (pick) => list.reduce((total, c) => total + pick(c), 0);
  const lostPer = list.map((c) => c.sent - c.seen.subarray(0, c.sent).reduce((a, b) => a + b, 0));
  const outages = list.flatMap((c) => c.outages).sort((a, b) => a - b);
  return {
    slot,
    clients: list.length,
    sent: sum((c) => c.sent),
    lost: lostPer.reduce((a, b) => a + b, 0),
    twice: sum((c) => c.twice),
    moved: sum((c) => c.moves),
    reallocations: sum((c) => c.reallocations),
    outages: outages.length,
    outageMedianMs: Math.round(outages[outages.length >> 1] ?? 0),
    outageMaxMs: Math.round(outages.at(-1) ?? 0),
  };
});
process.send({
  groups,
  p50: sorted[delayCount >> 1],
  p99: sorted[Math.floor(delayCount * 0.99)],
  max: sorted[delayCount - 1],
});
process.disconnect();
