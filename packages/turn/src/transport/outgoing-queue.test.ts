import { Writable, Duplex } from 'node:stream';
import { setImmediate as turnEnded } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EndOfTurn } from './end-of-turn.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

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

function open(maxBytes = 1000): Scene {
  const stream = new TestStream();
  const queue = new OutgoingQueue(stream, { maxBytes, endOfTurn: new EndOfTurn() });
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
});
