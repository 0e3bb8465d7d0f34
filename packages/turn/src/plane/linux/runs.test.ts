import { constants, platform } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf, writeChannelData } from '../../testing/media.ts';
import { hostWordsOf } from '../host-words.ts';
import { PlaneCounters } from '../plane-counters.ts';
import { CHANNEL, createPlaneScene, PEER, RELAY } from '../suite/plane-scene.ts';
import { LinuxPlane } from './linux-plane.ts';
import { PacketArena } from './packet-arena.ts';
import { SendBatch } from './send-batch.ts';
import { loadSystemCalls } from './system-calls.ts';
import { UdpSockets } from './udp-sockets.ts';

const { EIO, EINVAL, ENOBUFS } = constants.errno;
const PACKETS = 10;

// Its system calls are Linux's.
describe.skipIf(platform() !== 'linux')('runs of packets', () => {
  const real = loadSystemCalls();
  /** How many messages each call has sent or received; a run is one. */
  const sent: number[] = [];
  let received = 0;
  /** So many calls to send are refused, and why. */
  const refusal = { calls: 0, errno: 0, isLast: false };

  const scene = createPlaneScene(
    (settings) =>
      new LinuxPlane(settings, {
        ...real,
        recvmmsg: (...args) => {
          const count = real.recvmmsg(...args);
          received += Math.max(0, count);
          return count;
        },
        sendmmsg: (fd, messages, count, flags) => {
          refusal.isLast = refusal.calls > 0;
          if (refusal.calls > 0) {
            refusal.calls -= 1;
            return -1;
          }
          sent.push(count);
          return real.sendmmsg(fd, messages, count, flags);
        },
        errno: () => (refusal.isLast ? refusal.errno : real.errno()),
      }),
  );
  const { udpClient, permit, bind, connected, counted } = scene;
  const closing: (() => void)[] = [];

  afterEach(() => {
    sent.length = 0;
    received = 0;
    refusal.calls = 0;
    for (const close of closing.splice(0)) close();
  });

  const payloads = (length: number): Uint8Array[] =>
    Array.from({ length: PACKETS }, (_, index) => octetsOf(`${index}:`.padEnd(length, 'abcdefg')));

  /** Somebody outside who sends many packets as one. */
  const openSprinter = (): { readonly port: number; run: (to: number, packets: Uint8Array[]) => void } => {
    const sockets = new UdpSockets(real);
    const arena = new PacketArena(real);
    const batch = new SendBatch(real, { arena, counters: new PlaneCounters(), canSegment: true });
    const fd = sockets.open(at(PEER, 0), { sharesAddress: false });
    closing.push(() => {
      sockets.close(fd);
    });
    const socket = { fd, isConnected: false };
    const target = { family: 4, words: hostWordsOf(at(RELAY, 0)), segmentLimit: Infinity } as const;
    return {
      port: sockets.portOf(fd, 4),
      run: (to, packets) => {
        batch.beginVisit();
        for (const packet of packets) {
          batch.place(packet, 0, packet.length, 0, 0);
          batch.send(socket, target, to);
        }
        batch.endVisit();
      },
    };
  };

  test.each([
    ['ChannelData', 100, true],
    ['Data indications', 99, false],
  ])('that the kernel has put together become as many %s', async (_name, length, hasChannel) => {
    const client = await udpClient();
    expect(scene.plane.openSocket(client.relay, 4)).toBe('open');
    permit(client.relay, PEER);
    const sprinter = openSprinter();
    if (hasChannel) bind(client.relay, at(PEER, sprinter.port));
    const packets = [...payloads(length), octetsOf('the last is shorter')];
    sprinter.run(client.port, packets);
    for (const packet of packets) {
      expect(await client.media()).toMatchObject({ text: Buffer.from(packet).toString() });
    }
    expect(received).toBe(1);
    expect(scene.plane.counters().get('packets_to_clients_udp')).toBe(packets.length);
  });

  test('go out as one message, and arrive as single packets', async () => {
    const { client, peer } = await connected();
    const packets = [...payloads(100), octetsOf('the last is shorter'), octetsOf('another')];
    for (const packet of packets) client.send(writeChannelData(CHANNEL, packet));
    for (const packet of packets) expect((await peer.next()).octets).toEqual(packet);
    expect(sent).toEqual([2]);
  });

  test('are of one destination', async () => {
    const { client, peer } = await connected();
    const other = await scene.open(PEER);
    bind(client.relay, other.address, CHANNEL + 1);
    for (const packet of payloads(100)) {
      client.send(writeChannelData(CHANNEL, packet));
      client.send(writeChannelData(CHANNEL + 1, packet));
    }
    for (const packet of payloads(100)) {
      expect((await peer.next()).octets).toEqual(packet);
      expect((await other.next()).octets).toEqual(packet);
    }
    expect(sent).toEqual([2 * PACKETS]);
  });

  test('may be empty packets, each by itself', async () => {
    const { client, peer } = await connected();
    for (let count = 0; count < 3; count += 1) client.send(writeChannelData(CHANNEL, new Uint8Array()));
    await eventually(() => peer.waiting === 3);
    expect(sent).toEqual([3]);
  });

  test.each([
    ['a device that cannot make their checksums: never tried there again', EIO, PACKETS],
    ['a path that they are too long for: shorter ones are', EINVAL, 1],
  ])('go out one by one behind %s', async (_name, errno, shorter) => {
    const { client, peer } = await connected();
    const send = async (length: number): Promise<void> => {
      sent.length = 0;
      for (const packet of payloads(length)) client.send(writeChannelData(CHANNEL, packet));
      for (const packet of payloads(length)) expect((await peer.next()).octets).toEqual(packet);
    };
    Object.assign(refusal, { calls: 2, errno });
    await send(100);
    expect(sent).toEqual(Array<number>(PACKETS).fill(1));
    await send(100);
    expect(sent).toEqual([PACKETS]);
    await send(50);
    expect(sent).toEqual([shorter]);
    expect(scene.plane.counters().get('socket_errors')).toBe(0);
  });

  test('that find no room are counted as the packets they are', async () => {
    const { client, peer } = await connected();
    Object.assign(refusal, { calls: 2, errno: ENOBUFS });
    for (const packet of payloads(100)) client.send(writeChannelData(CHANNEL, packet));
    expect(await counted('dropped_queue_full', PACKETS)).toBe(PACKETS);
    client.send(writeChannelData(CHANNEL, octetsOf('later')));
    expect((await peer.next()).octets).toEqual(octetsOf('later'));
  });

  test('that come faster than they are read are counted where the kernel drops them', async () => {
    const { client, peer } = await connected();
    const packet = writeChannelData(CHANNEL, new Uint8Array(1200));
    // More than the socket's buffer holds, while nobody reads.
    for (let count = 0; count < 6000; count += 1) client.send(packet);
    await eventually(() => peer.inbox.length > 0);
    client.send(packet);
    expect(await counted('dropped_by_kernel')).toBeGreaterThan(0);
  });
});
