import type { SystemCalls } from './system-calls.ts';

/** The address space is cut into pieces of four gigabytes by the halves of an address. */
const HALF = 2 ** 32;

/**
 * Memory that the kernel reads and writes. It stays where it is as long as the block is referred to: an address does not
 * keep it alive. No block lies across a border of 2^32, so that an address in it is the high half of its own and a sum of
 * 32-bit numbers, which makes nothing.
 */
export interface NativeBlock {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The same memory by words of 32 bits. */
  readonly words: Int32Array;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** Makes a block of zeros; the length is a multiple of four. */
export function createNativeBlock(calls: SystemCalls, length: number): NativeBlock {
  const refused: Buffer[] = [];
  for (;;) {
    // Not from Buffer's pool. What is new from the system is zero already, and not touched before it is used.
    const bytes = Buffer.from(new ArrayBuffer(length));
    const at = calls.addressOf(bytes);
    if (Math.floor(at / HALF) === Math.floor((at + length) / HALF)) {
      return {
        bytes,
        view: new DataView(bytes.buffer),
        words: new Int32Array(bytes.buffer),
        at,
        low: (at % HALF) | 0,
        high: Math.floor(at / HALF) | 0,
      };
    }
    // Kept until there is a better one, so that this place is not given again.
    refused.push(bytes);
  }
}

/** Writes a pointer to a place in one block into another. Both offsets are in octets. */
export function writePointer(
  words: Int32Array,
  offset: number,
  target: NativeBlock,
  targetOffset: number,
): void {
  const index = offset >> 2;
  words[index] = (target.low + targetOffset) | 0;
  words[index + 1] = target.high;
}
