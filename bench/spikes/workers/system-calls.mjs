// The few Linux calls of the spike, through koffi; addresses and pointers travel as plain numbers.
import koffi from 'koffi';

const libc = koffi.load(null);
const call = (declaration) => libc.func(declaration);

export const socket = call('int socket(int domain, int type, int protocol)');
export const bind = call('int bind(int fd, uintptr_t address, int length)');
export const connect = call('int connect(int fd, uintptr_t address, int length)');
export const getsockname = call('int getsockname(int fd, uintptr_t address, uintptr_t length)');
export const setsockopt = call('int setsockopt(int fd, int level, int name, uintptr_t value, int length)');
export const socketpair = call('int socketpair(int domain, int type, int protocol, uintptr_t fds)');
export const close = call('int close(int fd)');
export const epollCreate = call('int epoll_create1(int flags)');
export const epollCtl = call('int epoll_ctl(int epoll, int op, int fd, uintptr_t event)');
export const epollWait = call('int epoll_wait(int epoll, uintptr_t events, int max, int timeout)');
export const recvmmsg = call(
  'int recvmmsg(int fd, uintptr_t v, unsigned int n, int flags, uintptr_t timeout)',
);
export const sendmmsg = call('int sendmmsg(int fd, uintptr_t v, unsigned int n, int flags)');
export const sendmsg = call('intptr_t sendmsg(int fd, uintptr_t message, int flags)');
export const recvmsg = call('intptr_t recvmsg(int fd, uintptr_t message, int flags)');
export const eventfd = call('int eventfd(unsigned int value, int flags)');
export const read = call('intptr_t read(int fd, uintptr_t to, size_t length)');
export const write = call('intptr_t write(int fd, uintptr_t from, size_t length)');
export const memmove = call('uintptr_t memmove(uintptr_t to, uintptr_t from, size_t length)');
export const memset = call('uintptr_t memset(uintptr_t at, int value, size_t length)');
export const memfdCreate = call('int memfd_create(const char *name, unsigned int flags)');
export const ftruncate = call('int ftruncate(int fd, int64_t length)');
export const mmap = call(
  'uintptr_t mmap(uintptr_t at, size_t length, int prot, int flags, int fd, int64_t from)',
);
export const prctl = call('int prctl(int option, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)');
export const errno = () => koffi.errno();

export const AF_UNIX = 1;
export const AF_INET = 2;
export const SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
export const SOCK_SEQPACKET_CLOEXEC = 5 | 0x80000;
export const MSG_DONTWAIT = 0x40;
export const EPOLLIN = 1;
export const EPOLLHUP = 0x10;
export const PR_SET_PDEATHSIG = 1;

/** Bytes whose address was taken; kept for ever, because a number does not keep a Buffer alive. */
const pinned = [];

export function createBlock(size) {
  const bytes = Buffer.allocUnsafeSlow(size).fill(0);
  pinned.push(bytes);
  return {
    bytes,
    at: Number(koffi.address(bytes)),
    view: new DataView(bytes.buffer, bytes.byteOffset, size),
  };
}

/** A block that lives as long as the object holding it. */
export function createOwnedBlock(size) {
  const bytes = Buffer.allocUnsafeSlow(size).fill(0);
  return {
    bytes,
    at: Number(koffi.address(bytes)),
    view: new DataView(bytes.buffer, bytes.byteOffset, size),
  };
}

/** Memory shared by every holder of the memfd: threads and processes alike. */
export function mapShared(fd, size) {
  return viewShared(mmap(0, size, 3, 1, fd, 0), size);
}

export const viewShared = (at, size) => ({ at, buffer: koffi.view(at, size) });

export function setPointer(view, offset, pointer) {
  view.setUint32(offset, pointer % 4294967296, true);
  view.setUint32(offset + 4, Math.floor(pointer / 4294967296), true);
}

export function writeAddress(view, offset, ip, port) {
  view.setUint16(offset, AF_INET, true);
  view.setUint16(offset + 2, port);
  view.setUint32(offset + 4, ip);
}

/** One number for address and port: 48 bits, exact in a double. */
export function readKey(view, offset) {
  return view.getUint32(offset + 4) * 65536 + view.getUint16(offset + 2);
}

export const parseIp = (text) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const scratch = createBlock(64);

export function checked(result, what) {
  if (result < 0) throw new Error(`${what}: errno ${errno()}`);
  return result;
}

export function openUdp(ip, port, { reusePort = false, bufferBytes = 1 << 20 } = {}) {
  const fd = checked(socket(AF_INET, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0), 'socket');
  scratch.view.setInt32(0, 1, true);
  if (reusePort) checked(setsockopt(fd, 1, 15, scratch.at, 4), 'SO_REUSEPORT');
  scratch.view.setInt32(0, bufferBytes, true);
  setsockopt(fd, 1, 8, scratch.at, 4);
  setsockopt(fd, 1, 7, scratch.at, 4);
  writeAddress(scratch.view, 0, ip, port);
  checked(bind(fd, scratch.at, 16), 'bind');
  return fd;
}

export function localPort(fd) {
  scratch.view.setUint32(32, 16, true);
  checked(getsockname(fd, scratch.at, scratch.at + 32), 'getsockname');
  return scratch.view.getUint16(2);
}

/** `data` (up to 2^32) comes back with the event; epoll_event is packed to 12 bytes on x64 only. */
export function watch(epoll, fd, data) {
  scratch.view.setUint32(0, EPOLLIN, true);
  scratch.view.setUint32(4, data, true);
  scratch.view.setUint32(8, 0, true);
  checked(epollCtl(epoll, 1, fd, scratch.at), 'epoll_ctl');
}

export function signal(wakeFd) {
  scratch.view.setUint32(0, 1, true);
  scratch.view.setUint32(4, 0, true);
  write(wakeFd, scratch.at, 8);
}

export const drain = (wakeFd) => read(wakeFd, scratch.at, 8);

// One descriptor beside one 32-bit word, by SCM_RIGHTS over a SOCK_SEQPACKET pair.
const rights = createBlock(160);
function rightsHeader() {
  const { view, at } = rights;
  rights.bytes.fill(0, 0, 56);
  setPointer(view, 16, at + 64);
  setPointer(view, 24, 1);
  setPointer(view, 32, at + 96);
  setPointer(view, 40, 24);
  setPointer(view, 64, at + 80);
  setPointer(view, 72, 4);
}

export function sendDescriptor(pairFd, word, fd) {
  rightsHeader();
  const { view } = rights;
  view.setUint32(80, word, true);
  setPointer(view, 96, 20);
  view.setInt32(104, 1, true);
  view.setInt32(108, 1, true);
  view.setInt32(112, fd, true);
  return checked(sendmsg(pairFd, rights.at, MSG_DONTWAIT), 'sendmsg');
}

export function receiveDescriptor(pairFd) {
  rightsHeader();
  if (recvmsg(pairFd, rights.at, MSG_DONTWAIT | 0x40000000) <= 0) return undefined;
  return { word: rights.view.getUint32(80, true), fd: rights.view.getInt32(112, true) };
}

/** Reads one datagram, or says that none waits. */
export const readOne = (fd, block) => read(fd, block.at, block.bytes.length) > 0;
