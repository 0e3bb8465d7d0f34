import { randomFillSync } from 'node:crypto';
import { writeDataIndicationHeader, type DataIndicationHeader } from '../../codec/data-indication.ts';
import type { HostWords } from '../host-words.ts';

const TRANSACTION_ID_BYTES = 12;
const TRANSACTION_ID_OFFSET = 8;
const RANDOM_BYTES = TRANSACTION_ID_BYTES * 256;

type ReusedHeader = { -readonly [Field in keyof DataIndicationHeader]: DataIndicationHeader[Field] };

/** Writes what is in front of the payload of a Data indication (RFC 8656 §11.4). */
export class IndicationWriter {
  readonly #random = new Uint8Array(RANDOM_BYTES);
  /** One, filled again for each packet. */
  readonly #header: ReusedHeader = { family: 4, peerWords: new Int32Array(4), peerPort: 0, dataBytes: 0 };
  #randomOffset = RANDOM_BYTES;

  write(
    out: Uint8Array,
    offset: number,
    peer: { readonly family: 4 | 6; readonly words: HostWords },
    peerPort: number,
    dataBytes: number,
  ): void {
    this.#writeTransactionId(out, offset + TRANSACTION_ID_OFFSET);
    const header = this.#header;
    header.family = peer.family;
    header.peerWords = peer.words;
    header.peerPort = peerPort;
    header.dataBytes = dataBytes;
    writeDataIndicationHeader(out, offset, header);
  }

  /** Random octets are drawn for many packets at once. */
  #writeTransactionId(out: Uint8Array, offset: number): void {
    if (this.#randomOffset === RANDOM_BYTES) {
      randomFillSync(this.#random);
      this.#randomOffset = 0;
    }
    for (let index = 0; index < TRANSACTION_ID_BYTES; index += 1) {
      out[offset + index] = this.#random[this.#randomOffset + index] ?? 0;
    }
    this.#randomOffset += TRANSACTION_ID_BYTES;
  }
}
