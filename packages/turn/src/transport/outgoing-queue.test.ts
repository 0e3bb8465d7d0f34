import { once } from 'node:events';
import { createServer, Socket, type AddressInfo } from 'node:net';
import { Writable, Duplex } from 'node:stream';
import { setImmediate as turnEnded } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EndOfTurn } from './end-of-turn.ts';
import { OutgoingQueue, QueueChunks } from './outgoing-queue.ts';
import { SharedRoom } from './shared-room.ts';

const HIGH_WATER_MARK = 100;

/** A connection that takes a write when the test says so. */
class TestStream extends Duplex {
  /** One entry per write. */
  readonly writes: string[] = [];
  reads = true;
  #pending: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: HIGH_WATER_MARK });
  }

  override _read(): void {
    // Nothing comes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#take(chunk.toString('latin1'), callback);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this.#take(chunks.map(({ chunk }) => chunk.toString('latin1')).join(''), callback);
  }

  #take(text: string, callback: () => void): void {
    this.writes.push(text);
    if (this.reads) callback();
    else this.#pending = callback;
  }

  /** The far end reads what is under way, and from now on everything. */
  resumeReading(): void {
    this.reads = true;
    this.#pending?.();
  }
}

interface Scene {
  readonly stream: TestStream;
  readonly queue: OutgoingQueue;
  media: (text: string) => number;
  answer: (text: string) => boolean;
}

function open(maxBytes = 1000, room = new SharedRoom(1e6)): Scene {
  const stream = new TestStream();
  const endOfTurn = new EndOfTurn();
  const queue = new OutgoingQueue(stream, { maxBytes, room, endOfTurn, chunks: new QueueChunks() });
  return {
    stream,
    queue,
    // Lent octets, in a buffer that holds more.
    media: (text) => {
      const lent = Buffer.from(`${text}---`);
      const dropped = queue.pushMedia(lent, text.length);
      lent.fill(0);
      return dropped;
    },
    answer: (text) => queue.pushAnswer(Buffer.from(text)),
  };
}

/** A frame of a hundred octets that begins with its name. */
function frame(name: string): string {
  return name.padEnd(100, '.');
}

describe('what waits for a client on a connection', () => {
  test('goes out in one write per turn of the event loop, answers before media', async () => {
    const { stream, media, answer } = open();
    for (const text of ['one ', 'two ', 'three ']) media(text);
    answer('answer ');
    expect(stream.writes).toEqual([]);
    await turnEnded();
    expect(stream.writes).toEqual(['answer one two three ']);
    media('four');
    await turnEnded();
    expect(stream.writes).toEqual(['answer one two three ', 'four']);
  });

  test('keeps its order and loses nothing while the client reads', async () => {
    const { stream, media, queue } = open(100_000);
    const texts = Array.from({ length: 500 }, (_, index) => `<${index}>`.padEnd(1 + (index % 90), '.'));
    for (const [index, text] of texts.entries()) {
      expect(media(text)).toBe(0);
      if (index % 100 === 99) await turnEnded();
    }
    await turnEnded();
    expect(stream.writes.join('')).toBe(texts.join(''));
    expect(queue.waitingBytes).toBe(0);
  });

  test('is dropped from its oldest media on when the client does not read, and the newest arrives', async () => {
    const { stream, media, queue } = open();
    stream.reads = false;
    media(frame('under way'));
    await turnEnded();
    let dropped = 0;
    for (let index = 0; index < 100; index += 1) dropped += media(frame(`<${index}>`));
    expect(dropped).toBe(90);
    expect(queue.waitingBytes).toBe(1000);
    await turnEnded();
    expect(stream.writableLength).toBe(100);
    stream.resumeReading();
    await turnEnded();
    await turnEnded();
    const names = stream.writes.join('').match(/<\d+>/gu);
    expect(names).toEqual(Array.from({ length: 10 }, (_, index) => `<${90 + index}>`));
    expect(queue.waitingBytes).toBe(0);
  });

  test('holds answers that no media can push out, up to a limit of their own', async () => {
    const { stream, media, answer } = open();
    stream.reads = false;
    media(frame('under way'));
    await turnEnded();
    expect(answer('precious')).toBe(true);
    for (let index = 0; index < 100; index += 1) media(frame('more'));
    expect(answer(''.padEnd(992, 'a'))).toBe(true);
    expect(answer('a')).toBe(false);
    stream.resumeReading();
    await turnEnded();
    await turnEnded();
    expect(stream.writes.join('')).toContain('precious');
    expect(stream.writes.join('').indexOf('precious')).toBeLessThan(stream.writes.join('').indexOf('more'));
  });

  test('takes no frame that is longer than everything it may hold', () => {
    const { queue } = open(50);
    expect(queue.pushMedia(new Uint8Array(51), 51)).toBe(1);
    expect(queue.waitingBytes).toBe(0);
  });

  test('takes no more memory than all clients may take together, beyond a little of each', () => {
    const room = new SharedRoom(100_000);
    const clients = Array.from({ length: 20 }, () => open(1_000_000, room));
    for (let round = 0; round < 100; round += 1) {
      for (const { media } of clients) media(''.padEnd(1000, '.'));
    }
    const waiting = clients.reduce((sum, { queue }) => sum + queue.waitingBytes, 0);
    expect(waiting).toBeLessThanOrEqual(100_000 + 20 * 16 * 1024);
    expect(waiting).toBeGreaterThan(100_000);
  });

  test('goes out to a client that reads although others have filled the common room', async () => {
    const room = new SharedRoom(10_000);
    room.use(10_000);
    const { media, stream } = open(1_000_000, room);
    for (let count = 0; count < 10; count += 1) expect(media(frame(`<${count}>`))).toBe(0);
    await turnEnded();
    expect(stream.writes.join('').match(/<\d>/gu)).toHaveLength(10);
  });

  test('gives the common room back when it is sent, dropped or forgotten', async () => {
    const room = new SharedRoom(100_000);
    const { media, queue, stream } = open(50_000, room);
    const fill = (): void => {
      for (let count = 0; count < 100; count += 1) media(frame('much').repeat(10));
    };
    fill();
    expect(room.fits(100_000)).toBe(false);
    for (let turn = 0; turn < 5; turn += 1) await turnEnded();
    expect([queue.waitingBytes, room.fits(100_000)]).toEqual([0, true]);
    stream.reads = false;
    fill();
    expect(room.fits(100_000)).toBe(false);
    queue.clear();
    expect([room.fits(100_000), room.fits(100_001)]).toEqual([true, false]);
  });

  test('lets no client leave hundreds of answers unread, however much media it may have', () => {
    const { stream, answer } = open(1_000_000);
    stream.reads = false;
    let kept = 0;
    while (kept < 1000 && answer(frame('answer'))) kept += 1;
    expect(kept).toBe(81);
  });

  test('is forgotten with the connection', async () => {
    const { stream, media, answer, queue } = open();
    media('late');
    answer('late');
    queue.clear();
    await turnEnded();
    expect(stream.writes).toEqual([]);
    media('later');
    stream.destroy();
    await turnEnded();
    expect(stream.writes).toEqual([]);
    expect(stream).toBeInstanceOf(Writable);
  });

  test('leaves its buffers to what goes out later, once a socket has sent what is in them', async () => {
    const server = createServer((accepted) => void accepted.pipe(accepted)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = new Socket().connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const chunks = new QueueChunks();
    const settings = { maxBytes: 1e6, room: new SharedRoom(1e6), endOfTurn: new EndOfTurn(), chunks };
    const queue = new OutgoingQueue(socket, settings);
    const echoed = once(socket, 'data');
    queue.pushMedia(Buffer.from('sent'), 4);
    const asked = chunks.first.take();
    expect((await echoed).toString()).toBe('sent');
    const used = chunks.first.take();
    expect([used.bytes.toString('latin1', 0, 4), used.usedBytes, used.frames]).toEqual(['sent', 0, 0]);
    expect(used.bytes.buffer).not.toBe(asked.bytes.buffer);
    socket.destroy();
    server.close();
  });

  test('leaves no buffer to others that a stream may still hold, and every one that was dropped', async () => {
    const chunks = new QueueChunks();
    const stream = new TestStream();
    const settings = { maxBytes: 1e6, room: new SharedRoom(1e6), endOfTurn: new EndOfTurn(), chunks };
    const queue = new OutgoingQueue(stream, settings);
    queue.pushMedia(Buffer.from('held'), 4);
    await turnEnded();
    expect(stream.writes).toEqual(['held']);
    expect(chunks.first.take().bytes.toString('latin1', 0, 4)).not.toBe('held');
    queue.pushMedia(Buffer.from('gone'), 4);
    queue.clear();
    expect(chunks.first.take().bytes.toString('latin1', 0, 4)).toBe('gone');
  });
});
