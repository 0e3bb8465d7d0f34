import { CHANNEL_DATA_HEADER_BYTES, writeChannelDataHeader } from '../../codec/channel-data.ts';
import { dataIndicationHeaderBytes } from '../../codec/data-indication.ts';
import type { HostWords } from '../host-words.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { IndicationWriter } from './indication-writer.ts';

/** Puts packets for clients together, in the one buffer. */
export class FrameWriter {
  readonly frame = new FrameBuffer();
  readonly #indications = new IndicationWriter();

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
    this.#indications.write(out, 0, peer, peerPort, length);
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
}
