import type { Duplex } from 'node:stream';
import type { EndOfTurn, TurnTask } from './end-of-turn.ts';

/** Several whole frames of media, one after the other. */
interface Chunk {
  readonly bytes: Buffer;
  usedBytes: number;
  frames: number;
}

/** Room for what a client gets in a quiet turn; taken from Node's pool. */
const FIRST_CHUNK_BYTES = 2048;
/** Room for what comes in bursts. Where too much waits it is dropped by the chunk. */
const CHUNK_BYTES = 16 * 1024;
/** A queue of any size is dropped from in so many pieces at least. */
const MIN_PIECES = 8;

/**
 * What waits for a client on a connection. Frames of one turn of the event loop go out in one write. The connection is given
 * no more than it takes, so that what waits for a client that does not read is here, where the oldest media can be dropped.
 * Answers go before media and are never dropped.
 */
export class OutgoingQueue implements TurnTask {
  readonly #stream: Duplex;
  readonly #maxBytes: number;
  readonly #endOfTurn: EndOfTurn;
  #answers: Uint8Array[] = [];
  #answerBytes = 0;
  #media: Chunk[] = [];
  #mediaBytes = 0;
  #willRun = false;

  constructor(stream: Duplex, settings: { readonly maxBytes: number; readonly endOfTurn: EndOfTurn }) {
    this.#stream = stream;
    this.#maxBytes = settings.maxBytes;
    this.#endOfTurn = settings.endOfTurn;
    stream.on('drain', () => {
      this.run();
    });
  }

  /** Octets that wait here, without those that the connection has taken. */
  get waitingBytes(): number {
    return this.#answerBytes + this.#mediaBytes;
  }

  /** Copies a frame. Gives how many frames of media were dropped for it, the oldest first. */
  pushMedia(octets: Uint8Array, length: number): number {
    if (length > this.#maxBytes) return 1;
    let dropped = 0;
    while (this.#mediaBytes + length > this.#maxBytes) dropped += this.#dropOldest();
    const chunk = this.#chunkFor(length);
    chunk.bytes.set(length === octets.length ? octets : octets.subarray(0, length), chunk.usedBytes);
    chunk.usedBytes += length;
    chunk.frames += 1;
    this.#mediaBytes += length;
    this.#schedule();
    return dropped;
  }

  /** Keeps an answer; false when the client has left too many of them unread. */
  pushAnswer(octets: Uint8Array): boolean {
    if (this.#answerBytes + octets.length > this.#maxBytes) return false;
    this.#answers.push(octets);
    this.#answerBytes += octets.length;
    this.#schedule();
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#answers = [];
    this.#answerBytes = 0;
    this.#media = [];
    this.#mediaBytes = 0;
  }

  /** Gives the connection what it takes. */
  run(): void {
    this.#willRun = false;
    const stream = this.#stream;
    if (this.waitingBytes === 0 || stream.writableNeedDrain || stream.destroyed) return;
    const isOne = this.#answers.length + this.#media.length === 1;
    if (!isOne) stream.cork();
    this.#writeAnswers();
    this.#writeMedia();
    if (!isOne) stream.uncork();
  }

  #writeAnswers(): void {
    let written = 0;
    for (const octets of this.#answers) {
      if (this.#stream.writableNeedDrain) break;
      this.#stream.write(octets);
      this.#answerBytes -= octets.length;
      written += 1;
    }
    this.#answers.splice(0, written);
  }

  #writeMedia(): void {
    let written = 0;
    for (const { bytes, usedBytes } of this.#media) {
      if (this.#stream.writableNeedDrain) break;
      this.#stream.write(bytes.subarray(0, usedBytes));
      this.#mediaBytes -= usedBytes;
      written += 1;
    }
    this.#media.splice(0, written);
  }

  #schedule(): void {
    if (this.#willRun) return;
    this.#willRun = true;
    this.#endOfTurn.add(this);
  }

  #chunkFor(length: number): Chunk {
    const last = this.#media.at(-1);
    if (last !== undefined && last.bytes.length - last.usedBytes >= length) return last;
    const piece = Math.min(last === undefined ? FIRST_CHUNK_BYTES : CHUNK_BYTES, this.#maxBytes / MIN_PIECES);
    const bytes = Buffer.allocUnsafe(Math.max(length, Math.floor(piece)));
    const chunk = { bytes, usedBytes: 0, frames: 0 };
    this.#media.push(chunk);
    return chunk;
  }

  #dropOldest(): number {
    const chunk = this.#media.shift();
    if (chunk === undefined) return 0;
    this.#mediaBytes -= chunk.usedBytes;
    return chunk.frames;
  }
}
