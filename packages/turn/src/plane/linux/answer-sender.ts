import type { TransportAddress } from '@callbox/stun';
import { writeHostWords, type HostWords } from '../host-words.ts';
import type { SendBatch } from './send-batch.ts';
import type { SendSocket } from './send-target.ts';

/** Answers are short; more than this is no answer of ours. */
const MAX_ANSWER_BYTES = 4096;

/** Sends what control answers, in line with the packets of the visit: what was asked together is answered in one call. */
export class AnswerSender {
  readonly #outgoing: SendBatch;
  /** One for all of them: an answer is never a part of a run. */
  readonly #target = { family: 4 as 4 | 6, words: new Int32Array(4) as HostWords, segmentLimit: 0 };

  constructor(outgoing: SendBatch) {
    this.#outgoing = outgoing;
  }

  /** False for what is too long. The octets are only lent. */
  send(socket: SendSocket, remote: TransportAddress, octets: Uint8Array): boolean {
    if (octets.length > MAX_ANSWER_BYTES) return false;
    this.#target.family = remote.family;
    writeHostWords(remote, this.#target.words);
    this.#outgoing.place(octets, 0, octets.length, 0, 0);
    this.#outgoing.send(socket, this.#target, remote.port);
    return true;
  }
}
