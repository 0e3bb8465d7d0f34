// Vectors of messages for recvmmsg and sendmmsg over one arena; no object is made per packet.
import { createBlock, setPointer } from './system-calls.mjs';

export const SLOT = 2048;
export const HEADROOM = 64;
export const BATCH = 64;

export function createReceiveBatch() {
  const data = createBlock(BATCH * SLOT);
  const names = createBlock(BATCH * 16);
  const vectors = createBlock(BATCH * 16);
  const headers = createBlock(BATCH * 64);
  for (let i = 0; i < BATCH; i += 1) {
    setPointer(vectors.view, i * 16, data.at + i * SLOT + HEADROOM);
    setPointer(vectors.view, i * 16 + 8, SLOT - HEADROOM);
    setPointer(headers.view, i * 64, names.at + i * 16);
    headers.view.setUint32(i * 64 + 8, 16, true);
    setPointer(headers.view, i * 64 + 16, vectors.at + i * 16);
    setPointer(headers.view, i * 64 + 24, 1);
  }
  return { data, names, headers, lengthOf: (i) => headers.view.getUint32(i * 64 + 56, true) };
}

export class SendBatch {
  constructor(send) {
    this.send = send;
    this.count = 0;
    this.vectors = createBlock(BATCH * 16);
    this.headers = createBlock(BATCH * 64);
    for (let i = 0; i < BATCH; i += 1) {
      setPointer(this.headers.view, i * 64 + 16, this.vectors.at + i * 16);
      setPointer(this.headers.view, i * 64 + 24, 1);
    }
  }

  push(at, length, nameAt) {
    const i = this.count;
    setPointer(this.vectors.view, i * 16, at);
    this.vectors.view.setUint32(i * 16 + 8, length, true);
    setPointer(this.headers.view, i * 64, nameAt);
    this.headers.view.setUint32(i * 64 + 8, nameAt === 0 ? 0 : 16, true);
    this.count = i + 1;
  }

  /** Sends all; a destination that fails is skipped, a full socket drops the rest. Returns how many left. */
  flush(fd) {
    const { count } = this;
    let done = 0;
    let sent = 0;
    while (done < count) {
      const n = this.send(fd, this.headers.at + done * 64, count - done, 0x40);
      if (n > 0) {
        sent += n;
        done += n;
      } else done += 1;
    }
    this.count = 0;
    return sent;
  }
}
