import type { Duplex } from 'node:stream';
import type { EndOfTurn, TurnTask } from './end-of-turn.ts';
import type { SharedRoom } from './shared-room.ts';

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
/** What each client's media may take whatever others take: a client that reads never has more here than one turn brings. */
const OWN_BYTES = 16 * 1024;
/** Some eighty answers, beyond what the connection itself has taken. Whoever asks so much and reads nothing means harm. */
const MAX_ANSWER_BYTES = 8 * 1024;

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
  #answers: Uint8Array[] = [];
  #answerBytes = 0;
  #media: Chunk[] = [];
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
    },
  ) {
    this.#stream = stream;
    this.#maxBytes = settings.maxBytes;
    this.#maxAnswerBytes = Math.min(settings.maxBytes, MAX_ANSWER_BYTES);
    this.#room = settings.room;
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
    for (const { bytes, usedBytes } of this.#media) {
      if (this.#stream.writableNeedDrain) break;
      this.#stream.write(bytes.subarray(0, usedBytes));
      this.#setMediaBytes(this.#mediaBytes - usedBytes);
      written += 1;
    }
    this.#media.splice(0, written);
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
    this.#setMediaBytes(this.#mediaBytes - chunk.usedBytes);
    return chunk.frames;
  }
}

/** How much of what waits for a client is not its own. */
function sharedPart(bytes: number): number {
  return Math.max(0, bytes - OWN_BYTES);
}
