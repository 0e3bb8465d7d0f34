import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ChunkPool, MediaChunk } from './chunk-pool.ts';
import type { EndOfTurn, TurnTask } from './end-of-turn.ts';
import type { SharedRoom } from './shared-room.ts';

/** Room for what a client gets in a quiet turn. */
const FIRST_CHUNK_BYTES = 2048;
/** Room for what comes in bursts. Where too much waits it is dropped by the chunk. */
const CHUNK_BYTES = 16 * 1024;
/** A queue of any size is dropped from in so many pieces at least. */
const MIN_PIECES = 8;
/** What each client's media may take whatever others take: a client that reads never has more here than one turn brings. */
const OWN_BYTES = 16 * 1024;
/** Some eighty answers, beyond what the connection itself has taken. Whoever asks so much and reads nothing means harm. */
const MAX_ANSWER_BYTES = 8 * 1024;

/** What the queues of a server share: chunks for quiet turns, and for busy ones. */
export class QueueChunks {
  readonly first = new ChunkPool(FIRST_CHUNK_BYTES);
  readonly further = new ChunkPool(CHUNK_BYTES);
}

/**
 * What waits for a client on a connection. Frames of one turn of the event loop go out in one write. The connection is given
 * no more than it takes, so that what waits for a client that does not read is here, where the oldest media can be dropped.
 * Answers go before media and are never dropped.
 */
export class OutgoingQueue implements TurnTask {
  readonly #stream: Duplex;
  readonly #maxBytes: number;
  readonly #maxAnswerBytes: number;
  readonly #room: SharedRoom;
  readonly #endOfTurn: EndOfTurn;
  readonly #chunks: QueueChunks;
  /** A stream of another kind may pass a buffer on and not copy it. */
  readonly #usesChunksAgain: boolean;
  #answers: Uint8Array[] = [];
  #answerBytes = 0;
  #media: MediaChunk[] = [];
  #mediaBytes = 0;
  #willRun = false;

  constructor(
    stream: Duplex,
    settings: {
      /** Of media; the limit on answers is lower. */
      readonly maxBytes: number;
      /** For what media take beyond a little of this client's own. */
      readonly room: SharedRoom;
      readonly endOfTurn: EndOfTurn;
      readonly chunks: QueueChunks;
    },
  ) {
    this.#stream = stream;
    this.#maxBytes = settings.maxBytes;
    this.#maxAnswerBytes = Math.min(settings.maxBytes, MAX_ANSWER_BYTES);
    this.#room = settings.room;
    this.#endOfTurn = settings.endOfTurn;
    this.#chunks = settings.chunks;
    this.#usesChunksAgain = stream instanceof Socket;
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
    while (this.#mediaBytes > 0 && !this.#mayGrow(length)) dropped += this.#dropOldest();
    if (!this.#mayGrow(length)) return dropped + 1;
    const chunk = this.#chunkFor(length);
    chunk.bytes.set(length === octets.length ? octets : octets.subarray(0, length), chunk.usedBytes);
    chunk.usedBytes += length;
    chunk.frames += 1;
    this.#setMediaBytes(this.#mediaBytes + length);
    this.#schedule();
    return dropped;
  }

  /** Keeps an answer; false when the client has left too many of them unread. */
  pushAnswer(octets: Uint8Array): boolean {
    if (this.#answerBytes + octets.length > this.#maxAnswerBytes) return false;
    this.#answers.push(octets);
    this.#answerBytes += octets.length;
    this.#schedule();
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#answers = [];
    this.#answerBytes = 0;
    for (const chunk of this.#media) this.#poolOf(chunk.bytes.length)?.give(chunk);
    this.#media = [];
    this.#setMediaBytes(0);
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
    for (const chunk of this.#media) {
      if (this.#stream.writableNeedDrain) break;
      this.#setMediaBytes(this.#mediaBytes - chunk.usedBytes);
      this.#write(chunk);
      written += 1;
    }
    this.#media.splice(0, written);
  }

  #write(chunk: MediaChunk): void {
    const octets = chunk.bytes.subarray(0, chunk.usedBytes);
    const pool = this.#usesChunksAgain ? this.#poolOf(chunk.bytes.length) : undefined;
    if (pool === undefined) {
      this.#stream.write(octets);
      return;
    }
    this.#stream.write(octets, (error) => {
      // After a failure somebody may still hold it.
      if (error === null || error === undefined) pool.give(chunk);
    });
  }

  /** Chunks of other sizes come from Node and go back there. */
  #poolOf(chunkBytes: number): ChunkPool | undefined {
    const { first, further } = this.#chunks;
    if (chunkBytes === first.chunkBytes) return first;
    return chunkBytes === further.chunkBytes ? further : undefined;
  }

  #schedule(): void {
    if (this.#willRun) return;
    this.#willRun = true;
    this.#endOfTurn.add(this);
  }

  #mayGrow(length: number): boolean {
    const bytes = this.#mediaBytes + length;
    return bytes <= this.#maxBytes && this.#room.fits(sharedPart(bytes) - sharedPart(this.#mediaBytes));
  }

  #setMediaBytes(bytes: number): void {
    this.#room.use(sharedPart(bytes) - sharedPart(this.#mediaBytes));
    this.#mediaBytes = bytes;
  }

  #chunkFor(length: number): MediaChunk {
    const last = this.#media.at(-1);
    if (last !== undefined && last.bytes.length - last.usedBytes >= length) return last;
    const piece = Math.min(last === undefined ? FIRST_CHUNK_BYTES : CHUNK_BYTES, this.#maxBytes / MIN_PIECES);
    const chunkBytes = Math.max(length, Math.floor(piece));
    const pool = this.#poolOf(chunkBytes);
    const chunk = pool?.take() ?? new MediaChunk(Buffer.allocUnsafe(chunkBytes));
    this.#media.push(chunk);
    return chunk;
  }

  #dropOldest(): number {
    const chunk = this.#media.shift();
    if (chunk === undefined) return 0;
    const { frames } = chunk;
    this.#setMediaBytes(this.#mediaBytes - chunk.usedBytes);
    this.#poolOf(chunk.bytes.length)?.give(chunk);
    return frames;
  }
}

/** How much of what waits for a client is not its own. */
function sharedPart(bytes: number): number {
  return Math.max(0, bytes - OWN_BYTES);
}
