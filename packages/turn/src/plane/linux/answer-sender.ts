import type { TransportAddress } from '@callbox/stun';
import { hostWordsOf } from '../host-words.ts';
import { createNativeBlock, type NativeBlock } from './native-block.ts';
import { MSG_DONTWAIT } from './receive-batch.ts';
import { socketAddressBytes, writeSocketAddress } from './socket-address.ts';
import type { SystemCalls } from './system-calls.ts';

const ADDRESS_ROOM = 32;
/** Answers are short; more than this is no answer of ours. */
const MAX_ANSWER_BYTES = 4096;

/** Sends what control answers: rare, alone, and at once. */
export class AnswerSender {
  readonly #calls: SystemCalls;
  readonly #block: NativeBlock;

  constructor(calls: SystemCalls) {
    this.#calls = calls;
    this.#block = createNativeBlock(calls, ADDRESS_ROOM + MAX_ANSWER_BYTES);
  }

  /** False when the kernel did not take it. */
  send(fd: number, remote: TransportAddress, octets: Uint8Array): boolean {
    if (octets.length > MAX_ANSWER_BYTES) return false;
    const { at, bytes, view } = this.#block;
    writeSocketAddress(view, 0, remote.family, hostWordsOf(remote), remote.port);
    bytes.set(octets, ADDRESS_ROOM);
    const addressBytes = socketAddressBytes(remote.family);
    return this.#calls.sendto(fd, at + ADDRESS_ROOM, octets.length, MSG_DONTWAIT, at, addressBytes) >= 0;
  }
}
