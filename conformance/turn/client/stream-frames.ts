import { classifyDatagram } from '@callbox/stun';

/** Cuts a stream into STUN messages and ChannelData (RFC 8656 §12.5). Gives what is whole and keeps the rest. */
export function createStreamFrames(): (chunk: Uint8Array) => readonly Uint8Array[] {
  let pending = new Uint8Array();
  return (chunk) => {
    const joined = new Uint8Array(pending.length + chunk.length);
    joined.set(pending);
    joined.set(chunk, pending.length);
    const frames: Uint8Array[] = [];
    let start = 0;
    for (;;) {
      const end = start + frameBytes(joined.subarray(start));
      if (end > joined.length) break;
      frames.push(joined.slice(start, end));
      start = end;
    }
    pending = joined.slice(start);
    return frames;
  };
}

/** Octets of the frame that starts here; more than there are where its length cannot be read yet. */
function frameBytes(bytes: Uint8Array): number {
  if (bytes.length < 4) return Number.POSITIVE_INFINITY;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint16(2);
  switch (classifyDatagram(bytes[0] ?? 0)) {
    case 'stun':
      return 20 + length;
    case 'channel-data':
      return 4 + ((length + 3) & ~3);
    case 'other':
      throw new Error(
        `the server sent octets that are neither STUN nor ChannelData: ${bytes.slice(0, 8).join(' ')}`,
      );
  }
}
