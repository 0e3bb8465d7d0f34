import type { RelayId } from '../plane/route-change.ts';
import type { Peer } from '../plane/forwarding/relay.ts';
import type { DescriptorChannel } from './descriptor-channel.ts';
import { REPORT_HEADER_BYTES, writeReportHeader, type WorkerReport } from './worker-report.ts';

/** A worker's way to main. What main is too busy to take is dropped, as by any socket. */
export class Uplink {
  readonly #channel: DescriptorChannel;
  readonly #room: Uint8Array;
  readonly #view: DataView;

  constructor(channel: DescriptorChannel) {
    this.#channel = channel;
    this.#room = channel.room;
    this.#view = new DataView(this.#room.buffer, this.#room.byteOffset, REPORT_HEADER_BYTES);
  }

  reportReady(): void {
    this.#send('ready', 0, undefined, 0, new Uint8Array(), 0, 0);
  }

  reportListenerClosed(listener: number): void {
    this.#send('listener-closed', listener, undefined, 0, new Uint8Array(), 0, 0);
  }

  /** False when it was dropped. */
  reportMessage(relay: RelayId, bytes: Uint8Array, start: number, length: number): boolean {
    return this.#send('message', relay, undefined, 0, bytes, start, length);
  }

  /** False when it was dropped. */
  reportMedia(
    relay: RelayId,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): boolean {
    return this.#send('media', relay, peer, port, bytes, start, length);
  }

  #send(
    kind: WorkerReport['kind'],
    subject: number,
    peer: Peer | undefined,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): boolean {
    writeReportHeader(this.#view, kind, subject, peer?.family ?? 4, peer?.words, port);
    this.#room.set(bytes.subarray(start, start + length), REPORT_HEADER_BYTES);
    return this.#channel.sendWritten(REPORT_HEADER_BYTES + length) === 'sent';
  }
}
