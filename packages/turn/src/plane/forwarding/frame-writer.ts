import { randomFillSync } from 'node:crypto';
import { CHANNEL_DATA_HEADER_BYTES, writeChannelDataHeader } from '../../codec/channel-data.ts';
import {
  dataIndicationHeaderBytes,
  writeDataIndicationHeader,
  type DataIndicationHeader,
} from '../../codec/data-indication.ts';
import type { HostWords } from '../host-words.ts';
import { FrameBuffer } from './frame-buffer.ts';

const TRANSACTION_ID_BYTES = 12;
const TRANSACTION_ID_OFFSET = 8;
const RANDOM_BYTES = TRANSACTION_ID_BYTES * 256;

type ReusedHeader = { -readonly [Field in keyof DataIndicationHeader]: DataIndicationHeader[Field] };

/** Puts packets for clients together, in the one buffer. */
export class FrameWriter {
  readonly frame = new FrameBuffer();
  readonly #random = Buffer.alloc(RANDOM_BYTES);
  /** One, filled again for each packet. */
  readonly #header: ReusedHeader = { family: 4, peerWords: new Int32Array(4), peerPort: 0, dataBytes: 0 };
  #randomOffset = RANDOM_BYTES;

  /** Copies a payload as it is. */
  writePayload(bytes: Uint8Array, start: number, length: number): void {
    this.#copy(bytes, start, length, 0);
  }

  /** ChannelData (RFC 8656 §12.4); gives the frame's length. */
  writeChannelData(
    channel: number,
    isPadded: boolean,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): number {
    const { bytes: out } = this.frame;
    writeChannelDataHeader(out, 0, channel, length);
    this.#copy(bytes, start, length, CHANNEL_DATA_HEADER_BYTES);
    const end = CHANNEL_DATA_HEADER_BYTES + length;
    return isPadded ? this.#pad(end) : end;
  }

  /** A Data indication (RFC 8656 §11.4); gives the frame's length. */
  writeDataIndication(
    peer: { readonly family: 4 | 6; readonly words: HostWords },
    peerPort: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): number {
    const { bytes: out } = this.frame;
    const headerBytes = dataIndicationHeaderBytes(peer.family);
    this.#writeTransactionId(out);
    const header = this.#header;
    header.family = peer.family;
    header.peerWords = peer.words;
    header.peerPort = peerPort;
    header.dataBytes = length;
    writeDataIndicationHeader(out, 0, header);
    this.#copy(bytes, start, length, headerBytes);
    return this.#pad(headerBytes + length);
  }

  /** A whole datagram is copied without making a view of it; only a part of one needs that. */
  #copy(bytes: Uint8Array, start: number, length: number, offset: number): void {
    const isWhole = start === 0 && length === bytes.length;
    this.frame.bytes.set(isWhole ? bytes : bytes.subarray(start, start + length), offset);
  }

  /** Zeros, so that nothing of an earlier packet goes out to somebody else. */
  #pad(end: number): number {
    const paddedEnd = (end + 3) & ~3;
    for (let index = end; index < paddedEnd; index += 1) this.frame.bytes[index] = 0;
    return paddedEnd;
  }

  /** Random octets are drawn for many packets at once. */
  #writeTransactionId(out: Buffer): void {
    if (this.#randomOffset === RANDOM_BYTES) {
      randomFillSync(this.#random);
      this.#randomOffset = 0;
    }
    this.#random.copy(
      out,
      TRANSACTION_ID_OFFSET,
      this.#randomOffset,
      this.#randomOffset + TRANSACTION_ID_BYTES,
    );
    this.#randomOffset += TRANSACTION_ID_BYTES;
  }
}
