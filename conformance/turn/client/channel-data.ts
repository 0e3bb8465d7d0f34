const HEADER_BYTES = 4;

/** A payload on a channel (RFC 8656 §12.4). */
export interface ChannelData {
  readonly channel: number;
  readonly payload: Uint8Array;
  /** Octets behind the payload. */
  readonly padding: Uint8Array;
}

/** Channel, length, payload and `paddingBytes` zeros: over TCP up to a multiple of four, over UDP none are needed (RFC 8656 §12.5). */
export function encodeChannelData(channel: number, payload: Uint8Array, paddingBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length + paddingBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, channel);
  view.setUint16(2, payload.length);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

export function parseChannelData(bytes: Uint8Array): ChannelData | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + view.getUint16(2);
  if (bytes.length < end) return undefined;
  return { channel: view.getUint16(0), payload: bytes.slice(HEADER_BYTES, end), padding: bytes.slice(end) };
}
