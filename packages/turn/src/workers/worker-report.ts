import type { IpAddress } from '@callbox/stun';
import type { HostWords } from '../plane/host-words.ts';
import type { RelayId } from '../plane/route-change.ts';

/** What a worker tells main. Octets are lent. */
export type WorkerReport =
  /** It takes commands. */
  | { readonly kind: 'ready' }
  /** It has a listener's socket no longer. */
  | { readonly kind: 'listener-closed'; readonly listener: number }
  /** A message of a relay's client that is not media. */
  | { readonly kind: 'message'; readonly relay: RelayId; readonly octets: Uint8Array }
  /** Media of a relay's client for a port of our relay address at which the worker knows nobody. */
  | {
      readonly kind: 'media';
      readonly relay: RelayId;
      readonly peer: {
        readonly family: IpAddress['family'];
        readonly words: HostWords;
        readonly port: number;
      };
      readonly octets: Uint8Array;
    };

/**
 * Kind, family and port, the relay, the peer's host, then octets. Reports are as frequent as messages of clients, and where a peer
 * is on a connection as frequent as media: so they are no objects on their way.
 */
export const REPORT_HEADER_BYTES = 32;
const KIND = { ready: 1, message: 2, media: 3, 'listener-closed': 4 } as const;
const FAMILY_AT = 1;
const PORT_AT = 2;
const SUBJECT_AT = 8;
const WORDS_AT = 16;

/** Writes a header; the octets are the caller's to put behind it. `subject` is the relay, or the listener. */
export function writeReportHeader(
  into: DataView,
  kind: WorkerReport['kind'],
  subject: number,
  family: IpAddress['family'],
  words: HostWords | undefined,
  port: number,
): void {
  into.setUint8(0, KIND[kind]);
  into.setUint8(FAMILY_AT, family);
  into.setUint16(PORT_AT, port);
  into.setFloat64(SUBJECT_AT, subject);
  for (let word = 0; word < 4; word += 1) into.setInt32(WORDS_AT + word * 4, words?.[word] ?? 0);
}

/** Undefined for what no worker writes. */
export function parseReport(report: Uint8Array): WorkerReport | undefined {
  if (report.length < REPORT_HEADER_BYTES) return undefined;
  const view = new DataView(report.buffer, report.byteOffset, report.length);
  const relay = view.getFloat64(SUBJECT_AT);
  const octets = report.subarray(REPORT_HEADER_BYTES);
  switch (view.getUint8(0)) {
    case KIND.ready:
      return { kind: 'ready' };
    case KIND['listener-closed']:
      return { kind: 'listener-closed', listener: relay };
    case KIND.message:
      return { kind: 'message', relay, octets };
    case KIND.media: {
      const family = view.getUint8(FAMILY_AT);
      if (family !== 4 && family !== 6) return undefined;
      const words = Int32Array.from({ length: 4 }, (_, word) => view.getInt32(WORDS_AT + word * 4));
      return { kind: 'media', relay, peer: { family, words, port: view.getUint16(PORT_AT) }, octets };
    }
    default:
      return undefined;
  }
}
