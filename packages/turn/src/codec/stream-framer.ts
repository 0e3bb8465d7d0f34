import { HEADER_BYTES, MAGIC_COOKIE } from '@callbox/stun';
import { CHANNEL_DATA_HEADER_BYTES, startsChannelData } from './channel-data.ts';
import { readInt32, readUint16 } from './octets.ts';

/** Takes the messages of a stream. The octets are only lent: they change after the call. */
export interface FrameSink {
  /** One whole message lies from `start` to `end`; padding of ChannelData is not part of it. */
  onFrame(bytes: Uint8Array, start: number, end: number): void;
}

/** Why a stream cannot be read any further. */
export type FramingError = 'not-a-message' | 'frame-too-long';

const FIRST_CAPACITY = 2048;
/** Longer than anything that has to be said to get an allocation. */
const SHORT_FRAME_BYTES = 4096;
const COOKIE = MAGIC_COOKIE | 0;

/**
 * Cuts a stream into STUN and ChannelData messages, wherever its chunks begin and end. ChannelData on a stream is
 * padded to four octets that its length does not count (RFC 8656 §12.5). Only octets that have arrived take memory,
 * whatever length a header announces, and of somebody who may not be long-winded yet only a few thousand.
 */
export class StreamFramer {
  readonly #maxFrameBytes: number;
  readonly #mayBeLong: () => boolean;
  #pending = new Uint8Array(0);
  #pendingBytes = 0;
  #hasBegun = false;

  /** `mayBeLong` is asked about messages of more than 4096 octets only. */
  constructor(maxFrameBytes: number, mayBeLong: () => boolean = () => true) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#mayBeLong = mayBeLong;
  }

  /** True while a message has begun and not ended. */
  get isInsideFrame(): boolean {
    return this.#pendingBytes > 0;
  }

  /** Hands every message that the chunk completes to the sink. After an error the stream is lost: close it. */
  push(chunk: Uint8Array, sink: FrameSink): FramingError | undefined {
    if (this.#pendingBytes === 0) {
      const used = this.#cut(chunk, chunk.length, sink);
      if (typeof used === 'string') return used;
      this.#keep(chunk.subarray(used));
      return undefined;
    }
    this.#keep(chunk);
    const used = this.#cut(this.#pending, this.#pendingBytes, sink);
    if (typeof used === 'string') return used;
    // What is left is kept in as little room as it needs, not in that of the whole chunk.
    if (used > 0) this.#pending = this.#pending.slice(used, this.#pendingBytes);
    this.#pendingBytes -= used;
    return undefined;
  }

  /** How many octets belonged to whole messages. */
  #cut(bytes: Uint8Array, end: number, sink: FrameSink): number | FramingError {
    let offset = 0;
    while (end - offset >= CHANNEL_DATA_HEADER_BYTES) {
      const first = bytes[offset] ?? 0;
      const isChannelData = startsChannelData(first);
      // Nobody has a channel before an allocation; what begins otherwise is HTTP or the like.
      if (isChannelData ? !this.#hasBegun : !mayStartStun(bytes, offset, end)) return 'not-a-message';
      const length =
        readUint16(bytes, offset + 2) + (isChannelData ? CHANNEL_DATA_HEADER_BYTES : HEADER_BYTES);
      if (length > this.#maxFrameBytes || (length > SHORT_FRAME_BYTES && !this.#mayBeLong()))
        return 'frame-too-long';
      const paddedEnd = offset + ((length + 3) & ~3);
      if (paddedEnd > end) break;
      this.#hasBegun = true;
      sink.onFrame(bytes, offset, offset + length);
      offset = paddedEnd;
    }
    return offset;
  }

  #keep(octets: Uint8Array): void {
    if (octets.length === 0) return;
    const needed = this.#pendingBytes + octets.length;
    if (needed > this.#pending.length) {
      const grown = new Uint8Array(Math.max(FIRST_CAPACITY, this.#pending.length * 2, needed));
      grown.set(this.#pending.subarray(0, this.#pendingBytes));
      this.#pending = grown;
    }
    this.#pending.set(octets, this.#pendingBytes);
    this.#pendingBytes = needed;
  }
}

/** Looks at as much of the header as has come: two zero bits, a length of whole words, the cookie (RFC 8489 §5). */
function mayStartStun(bytes: Uint8Array, offset: number, end: number): boolean {
  if ((bytes[offset] ?? 0) >= 0x40 || (bytes[offset + 3] ?? 0) % 4 !== 0) return false;
  return end - offset < 8 || readInt32(bytes, offset + 4) === COOKIE;
}
