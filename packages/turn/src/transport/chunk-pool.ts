/** Several whole frames of media, one after the other. */
export class MediaChunk {
  readonly bytes: Buffer;
  usedBytes = 0;
  frames = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** How much may wait to be used again. */
const MAX_IDLE_BYTES = 1024 * 1024;

/**
 * Chunks of one size, which are used again once what was in them is sent: with buffers made anew for all that goes out, V8 collects
 * garbage several times a second.
 */
export class ChunkPool {
  readonly chunkBytes: number;
  readonly #idle: MediaChunk[] = [];

  constructor(chunkBytes: number) {
    this.chunkBytes = chunkBytes;
  }

  /** An empty chunk. */
  take(): MediaChunk {
    return this.#idle.pop() ?? new MediaChunk(Buffer.allocUnsafeSlow(this.chunkBytes));
  }

  /** Takes a chunk back that nobody reads any more. */
  give(given: MediaChunk): void {
    if ((this.#idle.length + 1) * this.chunkBytes > MAX_IDLE_BYTES) return;
    const chunk = given;
    chunk.usedBytes = 0;
    chunk.frames = 0;
    this.#idle.push(chunk);
  }
}
