import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../until.ts';
import type { Namespace } from './namespace.ts';
import { readCapture, type Packet } from './read-capture.ts';

/** Nobody listens there (RFC 863). */
const DISCARD_PORT = 9;
/** Of each packet: all headers, and the whole of a question for a name. */
const KEPT_OCTETS = 512;
const BUFFER_KIB = 32 * 1024;

/** Keeps the head of every packet on every interface of a host, loopback included. */
export interface PacketRecorder {
  /**
   * Ends it, once all that was sent before has been written.
   *
   * @throws when a single packet was missed.
   */
  stop(): Promise<readonly Packet[]>;
}

/** Starts to record, with tcpdump; resolves when it does. */
export async function startPacketRecorder(host: Namespace): Promise<PacketRecorder> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-packets-'));
  const file = join(folder, 'packets.pcap');
  const options = `-i any -y LINUX_SLL2 -s ${KEPT_OCTETS} -B ${BUFFER_KIB} --immediate-mode -U -Z root`;
  const [program, ...parameters] = [...host.prefix, 'tcpdump', ...options.split(' '), '-w', file];
  const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exit = once(child, 'exit');
  const socket = await host.openUdp('127.0.0.1', 0);

  /** Sends packets that no one else sends, until one of them is in the file: then so is all that was sent before. */
  const catchUp = async () => {
    const mark = randomUUID();
    await until('the recorder to write what it is shown', async () => {
      if (child.exitCode !== null) throw new Error(`tcpdump ended with ${child.exitCode}: ${said}`);
      socket.send(mark, DISCARD_PORT, '127.0.0.1');
      const written = await readFile(file).catch(() => Buffer.alloc(0));
      return written.includes(mark) ? { found: true, value: null } : { found: false, seen: said };
    });
  };
  const end = async () => {
    socket.close();
    child.kill('SIGINT');
    await exit;
    const written = await readFile(file);
    await rm(folder, { recursive: true });
    if (!/^0 packets dropped by kernel$/m.test(said)) throw new Error(`the recorder missed packets: ${said}`);
    return readCapture(written);
  };
  await catchUp();
  return {
    stop: async () => {
      await catchUp();
      return end();
    },
  };
}
