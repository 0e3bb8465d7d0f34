import { WildEmitter } from './wild-emitter.ts';

/** The sub-protocol of channels that carry a file: its name and size as JSON, then its octets; the receiver closes. */
export const fileTransferProtocol = 'https://simplewebrtc.com/protocol/filetransfer#inband-v1';

export interface FileMetadata {
  readonly size: number;
  readonly name: string;
}

const chunkBytes = 16_384;
/** How much may wait in the channel before more is put into it. */
const mostWaitingBytes = 1_000_000;

/** Sends one file. `progress(sent, size, file)`, `sentFile(file)` when all is on its way, `complete` when the other has it. */
export class FileSender extends WildEmitter<{
  progress: [sent: number, size: number, file: File];
  sentFile: [file: File];
  complete: [];
}> {
  send(file: File, channel: RTCDataChannel): void {
    channel.addEventListener('open', () => {
      channel.send(JSON.stringify({ size: file.size, name: file.name }));
      this.#pour(file, channel).catch(reportError);
    });
    channel.addEventListener('close', () => this.emit('complete'));
  }

  async #pour(file: File, channel: RTCDataChannel): Promise<void> {
    channel.bufferedAmountLowThreshold = mostWaitingBytes / 2;
    for (let sent = 0; sent < file.size;) {
      if (channel.bufferedAmount > mostWaitingBytes) await drained(channel);
      if (channel.readyState !== 'open') return;
      const chunk = await file.slice(sent, sent + chunkBytes).arrayBuffer();
      channel.send(chunk);
      sent += chunk.byteLength;
      this.emit('progress', sent, file.size, file);
    }
    this.emit('sentFile', file);
  }
}

/** Receives one file. `progress(received, size)`, then `receivedFile(blob, metadata)`. */
export class FileReceiver extends WildEmitter<{
  progress: [received: number, size: number];
  receivedFile: [file: Blob, metadata: FileMetadata];
}> {
  readonly metadata: FileMetadata;
  readonly channel: RTCDataChannel;
  #chunks: ArrayBuffer[] = [];
  #received = 0;

  constructor(metadata: FileMetadata, channel: RTCDataChannel) {
    super();
    this.metadata = metadata;
    this.channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#take(data));
    if (metadata.size === 0) queueMicrotask(() => this.#finish());
  }

  #take(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    this.#received += data.byteLength;
    if (this.#received > this.metadata.size) return this.channel.close();
    this.#chunks.push(data);
    this.emit('progress', this.#received, this.metadata.size);
    if (this.#received === this.metadata.size) this.#finish();
  }

  #finish(): void {
    this.emit('receivedFile', new Blob(this.#chunks), this.metadata);
    this.#chunks = [];
    this.channel.close();
  }
}

/** What the other page says that it is about to send; null where that makes no sense. */
export function readFileMetadata(data: unknown): FileMetadata | null {
  const parsed = readJson(data);
  if (typeof parsed !== 'object' || parsed === null || !('size' in parsed) || !('name' in parsed))
    return null;
  const { size, name } = parsed;
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && typeof name === 'string'
    ? { size, name }
    : null;
}

/** What another page sent over a channel; undefined where it is no JSON. */
export function readJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

function drained(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    channel.addEventListener('bufferedamountlow', () => resolve(), { once: true });
    channel.addEventListener('close', () => resolve(), { once: true });
  });
}
