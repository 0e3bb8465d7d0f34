// The calls that the load makes, by koffi, and vectors for many packets in one call. It never uses UDP_SEGMENT or UDP_GRO.
import koffi from 'koffi';

const libc = koffi.load(null);
const call = (declaration) => libc.func(declaration);

const socket = call('int socket(int domain, int type, int protocol)');
const bind = call('int bind(int fd, uintptr_t address, int length)');
const connectTo = call('int connect(int fd, uintptr_t address, int length)');
const setsockopt = call('int setsockopt(int fd, int level, int name, uintptr_t value, int length)');
const getsockname = call('int getsockname(int fd, uintptr_t address, uintptr_t length)');
const epollCreate = call('int epoll_create1(int flags)');
const epollCtl = call('int epoll_ctl(int epoll, int op, int fd, uintptr_t event)');
const epollWait = call('int epoll_wait(int epoll, uintptr_t events, int max, int timeout)');
const recvmmsg = call(
  'int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, uintptr_t timeout)',
);
const sendmmsg = call('int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)');
export const close = call('int close(int fd)');

const BATCH = 64;
const SLOT = 2048;
const EVENT = process.arch === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
const DONTWAIT = 0x40;

/** Kept for ever: an address does not keep memory alive. */
const blocks = [];

export function createBlock(length) {
  const bytes = Buffer.from(new ArrayBuffer(length));
  blocks.push(bytes);
  return { bytes, at: Number(koffi.address(bytes)), view: new DataView(bytes.buffer) };
}

function setPointer(view, offset, pointer) {
  view.setUint32(offset, pointer % 2 ** 32, true);
  view.setUint32(offset + 4, Math.floor(pointer / 2 ** 32), true);
}

/** A `sockaddr_in` in memory of its own. */
export function createAddress(ip, port) {
  const block = createBlock(16);
  block.view.setUint16(0, 2, true);
  block.view.setUint16(2, port);
  block.view.setInt32(4, ip);
  return block;
}

const scratch = createBlock(32);

function checked(result, what) {
  if (result < 0) throw new Error(`${what}: errno ${koffi.errno()}`);
  return result;
}

/** A UDP socket, connected if a server is given. */
export function openUdp(ip, server, port = 0) {
  const fd = checked(socket(2, 2 | 0x800 | 0x80000, 0), 'socket');
  scratch.view.setInt32(0, 8 << 20, true);
  // SO_RCVBUFFORCE and SO_SNDBUFFORCE, where allowed; the plain ones otherwise.
  for (const option of [8, 7, 33, 32]) setsockopt(fd, 1, option, scratch.at, 4);
  checked(bind(fd, createAddress(ip, port).at, 16), 'bind');
  if (server !== undefined) checked(connectTo(fd, server.at, 16), 'connect');
  return fd;
}

/** A socket of a relay with the options that ours asks for: SO_RXQ_OVFL, SO_SNDBUF, SO_RCVBUF, UDP_GRO. */
export function openRelay(ip) {
  const fd = checked(socket(2, 2 | 0x800 | 0x80000, 0), 'socket');
  scratch.view.setInt32(0, 1, true);
  setsockopt(fd, 1, 40, scratch.at, 4);
  setsockopt(fd, 17, 104, scratch.at, 4);
  scratch.view.setInt32(0, 1 << 20, true);
  setsockopt(fd, 1, 7, scratch.at, 4);
  setsockopt(fd, 1, 8, scratch.at, 4);
  scratch.view.setUint32(0, 2, true);
  scratch.view.setInt32(4, ip);
  checked(bind(fd, scratch.at, 16), 'bind');
  return fd;
}

export function portOf(fd) {
  scratch.view.setUint32(16, 16, true);
  checked(getsockname(fd, scratch.at, scratch.at + 16), 'getsockname');
  return scratch.view.getUint16(2);
}

/** Waits for sockets that have something, by their numbers. */
export class Watcher {
  #epoll = checked(epollCreate(0x80000), 'epoll_create1');
  #events = createBlock(EVENT.bytes * 256);

  add(fd, number) {
    scratch.view.setUint32(0, 1, true);
    scratch.view.setUint32(EVENT.data, number, true);
    scratch.view.setUint32(EVENT.data + 4, 0, true);
    checked(epollCtl(this.#epoll, 1, fd, scratch.at), 'epoll_ctl');
  }

  wait(timeoutMs) {
    return epollWait(this.#epoll, this.#events.at, 256, timeoutMs);
  }

  number(event) {
    return this.#events.view.getUint32(event * EVENT.bytes + EVENT.data, true);
  }
}

/** Reads up to 64 packets. */
export class Receiver {
  #data = createBlock(BATCH * SLOT);
  #headers = createBlock(BATCH * 64);
  #vectors = createBlock(BATCH * 16);
  #names;

  /** Who sends is asked for where it is wanted. */
  constructor({ hasNames = false } = {}) {
    if (hasNames) this.#names = createBlock(BATCH * 16);
    for (let slot = 0; slot < BATCH; slot += 1) {
      setPointer(this.#vectors.view, slot * 16, this.#data.at + slot * SLOT);
      this.#vectors.view.setUint32(slot * 16 + 8, SLOT, true);
      setPointer(this.#headers.view, slot * 64 + 16, this.#vectors.at + slot * 16);
      this.#headers.view.setUint32(slot * 64 + 24, 1, true);
      if (hasNames) {
        setPointer(this.#headers.view, slot * 64, this.#names.at + slot * 16);
        this.#headers.view.setUint32(slot * 64 + 8, 16, true);
      }
    }
  }

  /** Copies who sent a packet into an address. */
  copySender(slot, address) {
    this.#names.bytes.copy(address.bytes, 0, slot * 16, slot * 16 + 16);
  }

  get bytes() {
    return this.#data.bytes;
  }

  get view() {
    return this.#data.view;
  }

  receive(fd) {
    return recvmmsg(fd, this.#headers.at, BATCH, DONTWAIT, 0);
  }

  at(slot) {
    return slot * SLOT;
  }

  lengthOf(slot) {
    return this.#headers.view.getUint32(slot * 64 + 56, true);
  }
}

/** Sends packets that lie elsewhere, many in one call. */
export class Sender {
  #headers = createBlock(BATCH * 64);
  #vectors = createBlock(BATCH * 16);
  #count = 0;

  constructor() {
    for (let slot = 0; slot < BATCH; slot += 1) {
      setPointer(this.#headers.view, slot * 64 + 16, this.#vectors.at + slot * 16);
      this.#headers.view.setUint32(slot * 64 + 24, 1, true);
    }
  }

  get isFull() {
    return this.#count === BATCH;
  }

  /** `to` is undefined for a connected socket. */
  push(block, length, to) {
    const slot = this.#count;
    setPointer(this.#vectors.view, slot * 16, block.at);
    this.#vectors.view.setUint32(slot * 16 + 8, length, true);
    setPointer(this.#headers.view, slot * 64, to === undefined ? 0 : to.at);
    this.#headers.view.setUint32(slot * 64 + 8, to === undefined ? 0 : 16, true);
    this.#count = slot + 1;
  }

  /** How many left; what the kernel has no room for is dropped here. */
  flush(fd) {
    const count = this.#count;
    this.#count = 0;
    let sent = 0;
    while (sent < count) {
      const more = sendmmsg(fd, this.#headers.at + sent * 64, count - sent, DONTWAIT);
      if (more <= 0) break;
      sent += more;
    }
    return sent;
  }
}
