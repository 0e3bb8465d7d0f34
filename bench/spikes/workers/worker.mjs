// A worker, as a thread or as a child process: the same loop; they differ in how messages come and go.
import { isMainThread, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import * as sys from './system-calls.mjs';
import { LISTEN, Relay, WAKE } from './relay.mjs';
import { SHARED_BYTES, counterIndex as count, stopWord } from './shared-memory.mjs';

const isThread = !isMainThread;
const given = isThread ? workerData : JSON.parse(process.argv[2]);
// In a child these descriptors were laid out by `stdio`; in a thread they are main's own.
const { wakeFds, pairFd, ipcFd } = given;
const shared = isThread
  ? sys.viewShared(given.sharedAt, SHARED_BYTES)
  : sys.mapShared(given.memoryFd, SHARED_BYTES);
const stop = stopWord(shared.buffer);
const epoll = isThread ? given.epoll : sys.checked(sys.epollCreate(0x80000), 'epoll_create1');
const events = sys.createBlock(64 * 12);
let relay;
let turnWanted = false;
let leaving = false;

if (!isThread) {
  // Main may be gone already; then Node has closed the channel, and its number may mean something else by now.
  if (!process.connected) process.exit(0);
  // A parent that dies by SIGKILL takes its children along, even one that spins.
  sys.prctl(sys.PR_SET_PDEATHSIG, 9, 0, 0, 0);
  process.on('disconnect', () => process.exit(0));
  sys.watch(epoll, ipcFd, WAKE);
}

function post(message) {
  if (isThread) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a MessagePort, no window
    parentPort.postMessage(message);
    return;
  }
  // The descriptor goes first, so that it is there when the message tells of it.
  if (message.type === 'opened' && given.adopt) sys.sendDescriptor(pairFd, message.port, message.fd);
  process.send(message);
  turnWanted = true;
}

const handlers = {
  attach({ slot, generation, allocations }) {
    sys.watch(epoll, wakeFds[slot], isThread ? WAKE : WAKE + 1);
    relay = new Relay({ ...given, slot, shared, epoll, post });
    relay.generation = generation;
    for (const one of allocations) {
      const fd = isThread ? one.fd : sys.receiveDescriptor(pairFd)?.fd;
      if (fd === undefined) continue;
      relay.adopt({ ...one, fd });
      relay.counters[count.adopted] += 1;
    }
    post({ type: 'attached', slot, generation });
    setImmediate(run);
  },
  elsewhere: ({ count: known }) => (relay.elsewhere = known),
  join: (message) => relay.setJoin(message),
  ping: ({ at }) => post({ type: 'pong', at, seen: Number(process.hrtime.bigint()) }),
  fail({ how }) {
    if (how === 'throw') throw new Error('on purpose');
    if (how === 'pointer') sys.memset(8, 1, 8);
    if (how === 'spin') for (;;);
    if (how === 'native') sys.read(given.blockingFd ?? pairFd, 8, 8);
    if (how === 'memory') for (const hoard = []; ;) hoard.push(Array.from({ length: 1e5 }, () => ({})));
  },
  leave() {
    leaving = true;
    if (!isThread) process.exit(0);
  },
};
const handle = (message) => handlers[message.type](message);

/** Blocks in epoll_wait; goes back to Node's loop only when a message has come or has to leave. */
function run() {
  for (;;) {
    if (isThread && Atomics.load(stop, 0) === 1) return;
    const n = sys.epollWait(epoll, events.at, 64, given.timeoutMs);
    let turn = turnWanted;
    turnWanted = false;
    for (let i = 0; i < n; i += 1) {
      const data = events.view.getUint32(i * 12 + 4, true);
      if (data === LISTEN) relay.drainListen();
      else if (data === WAKE && isThread) {
        sys.drain(wakeFds[relay.slot]);
        relay.counters[count.wakes] += 1;
        relay.drainRings();
        if (given.messages === 'turn') turn = true;
        else for (let got; (got = receiveMessageOnPort(parentPort)) !== undefined;) handle(got.message);
      } else if (data === WAKE) {
        if (events.view.getUint32(i * 12, true) & sys.EPOLLHUP) process.exit(0);
        relay.counters[count.wakes] += 1;
        turn = true;
      } else if (data === WAKE + 1) {
        sys.drain(wakeFds[relay.slot]);
        relay.drainRings();
      } else relay.drainRelay(data);
    }
    relay.counters[count.beats] += 1;
    if (leaving) {
      if (isThread) parentPort.close();
      return;
    }
    if (turn) {
      setImmediate(run);
      return;
    }
  }
}

if (isThread) parentPort.on('message', handle);
else process.on('message', handle);
post({ type: 'ready' });
