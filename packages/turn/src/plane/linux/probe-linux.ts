import { arch, endianness, platform } from 'node:os';
import { parseIpAddress, type TransportAddress } from '@callbox/stun';
import { PlaneCounters } from '../plane-counters.ts';
import { AnswerSender } from './answer-sender.ts';
import { PacketArena } from './packet-arena.ts';
import { Poller } from './poller.ts';
import { ReceiveBatch } from './receive-batch.ts';
import { SendBatch } from './send-batch.ts';
import { loadSystemCalls, SystemCallError, type SystemCalls } from './system-calls.ts';
import { UDP_GRO, UDP_SEGMENT, UdpSockets } from './udp-sockets.ts';

/** What was found: the calls, and what the kernel adds to them; or why the `linux` plane cannot be. */
export type LinuxProbe =
  | {
      readonly ok: true;
      readonly calls: SystemCalls;
      readonly sendsRuns: boolean;
      readonly readsRuns: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** Where the layouts of the kernel's structures are the ones that are written here. */
const ARCHITECTURES: ReadonlySet<string> = new Set(['x64', 'arm64', 'riscv64', 'loong64']);
const PROBE_PACKETS = 3;
const PROBE_BYTES = 100;

/** Finds out whether the `linux` plane works here, by sending a few packets to itself over loopback. */
export function probeLinux(load: () => SystemCalls = loadSystemCalls): LinuxProbe {
  if (platform() !== 'linux') return { ok: false, reason: `this is ${platform()}, not Linux` };
  if (!ARCHITECTURES.has(arch()) || endianness() !== 'LE') {
    return { ok: false, reason: `not known for processors of the kind ${arch()}` };
  }
  let calls: SystemCalls;
  try {
    calls = load();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { ok: false, reason: `koffi cannot be used: ${reason}` };
  }
  try {
    const sockets = new UdpSockets(calls);
    const sendsRuns = sockets.hasOption(UDP_SEGMENT);
    const readsRuns = sockets.hasOption(UDP_GRO);
    const obstacle = watchInVain(calls, sockets);
    if (obstacle !== undefined) return { ok: false, reason: obstacle };
    return hearsItself(calls, sockets)
      ? { ok: true, calls, sendsRuns, readsRuns }
      : { ok: false, reason: 'packets sent by sendmmsg do not come back by recvmmsg' };
  } catch (error) {
    if (error instanceof SystemCallError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Why sockets cannot be watched by epoll from Node's own loop; undefined where they can. */
function watchInVain(calls: SystemCalls, sockets: UdpSockets): string | undefined {
  const loopback = parseIpAddress('127.0.0.1');
  if (loopback === undefined) return 'no loopback';
  const poller = new Poller(calls);
  const fd = sockets.open({ ...loopback, port: 0 }, { sharesAddress: false });
  try {
    poller.remove(poller.add({ fd, receive: () => 0 }));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    sockets.close(fd);
  }
}

/** True when packets go out and come in as they were, with the right sender: every structure that is used is right then. */
function hearsItself(calls: SystemCalls, sockets: UdpSockets): boolean {
  const arena = new PacketArena(calls);
  const incoming = new ReceiveBatch(calls, arena);
  const outgoing = new SendBatch(calls, { arena, counters: new PlaneCounters(), canSegment: false });
  const loopback = parseIpAddress('127.0.0.1');
  if (loopback === undefined) return false;
  const fd = sockets.open({ ...loopback, port: 0 }, { sharesAddress: false });
  try {
    const self: TransportAddress = { ...loopback, port: sockets.portOf(fd, 4) };
    const words = Int32Array.of(0, 0, 0xffff, 0x7f000001);
    outgoing.beginVisit();
    for (let number = 0; number < PROBE_PACKETS; number += 1) {
      outgoing.place(new Uint8Array(PROBE_BYTES).fill(number), 0, PROBE_BYTES, 0, 0);
      outgoing.send({ fd, isConnected: false }, { family: 4, words, segmentLimit: 0 }, self.port);
    }
    const answer = new Uint8Array(PROBE_BYTES).fill(PROBE_PACKETS);
    if (!new AnswerSender(outgoing).send({ fd, isConnected: false }, self, answer)) return false;
    outgoing.endVisit();
    const sender = new Int32Array(4);
    for (let number = 0; number <= PROBE_PACKETS; number += 1) {
      if (incoming.receive(fd, 1) !== 1 || incoming.lengthOf(0) !== PROBE_BYTES) return false;
      incoming.inspect(0);
      const isFromSelf = incoming.senderOf(0, 4, sender) === self.port && sender[3] === words[3];
      const octets = arena.bytes.subarray(arena.slotAt(0), arena.slotAt(0) + PROBE_BYTES);
      if (!isFromSelf || !octets.every((octet) => octet === number)) return false;
    }
    return true;
  } finally {
    sockets.close(fd);
  }
}
