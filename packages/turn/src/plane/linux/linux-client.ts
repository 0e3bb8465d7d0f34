import type { TransportAddress } from '@callbox/stun';
import { CHANNEL_DATA_HEADER_BYTES, writeChannelDataHeader } from '../../codec/channel-data.ts';
import { dataIndicationHeaderBytes } from '../../codec/data-indication.ts';
import type { Client } from '../forwarding/client.ts';
import type { IndicationWriter } from '../forwarding/indication-writer.ts';
import type { Peer, Relay } from '../forwarding/relay.ts';
import { hostWordsOf, type HostWords } from '../host-words.ts';
import { TRANSPORT_OFFSET } from '../plane-counters.ts';
import type { ClientPlaces } from './client-places.ts';
import type { LinuxListener } from './linux-listener.ts';
import type { LinuxSocket } from './linux-sockets.ts';
import type { PacketArena } from './packet-arena.ts';
import type { SendBatch } from './send-batch.ts';
import type { SendTarget } from './send-target.ts';

export interface LinuxClientParts {
  readonly arena: PacketArena;
  readonly outgoing: SendBatch;
  readonly indications: IndicationWriter;
  readonly places: Pick<ClientPlaces, 'open' | 'close'>;
}

/** A client that sends datagrams to one of our listeners. */
export class LinuxClient implements Client, SendTarget {
  readonly transportOffset = TRANSPORT_OFFSET.udp;
  readonly isStream = false;
  relay: Relay | undefined;
  readonly listener: LinuxListener;
  readonly family: 4 | 6;
  readonly words: HostWords;
  readonly port: number;
  segmentLimit = Infinity;
  /** The socket of this client alone, if it has one. */
  socket: LinuxSocket | undefined;
  /** True when the system has refused to give it one. */
  isSocketRefused = false;
  readonly #parts: LinuxClientParts;

  constructor(listener: LinuxListener, remote: TransportAddress, parts: LinuxClientParts) {
    this.listener = listener;
    this.family = remote.family;
    this.words = hostWordsOf(remote);
    this.port = remote.port;
    this.#parts = parts;
  }

  setApart(isBusy: boolean): void {
    this.#parts.places.open(this, isBusy);
  }

  release(): void {
    this.#parts.places.close(this);
  }

  sendChannelData(channel: number, bytes: Uint8Array, start: number, length: number): number {
    const { arena, outgoing } = this.#parts;
    const at = outgoing.place(bytes, start, length, CHANNEL_DATA_HEADER_BYTES, 0);
    writeChannelDataHeader(arena.bytes, at, channel, length);
    outgoing.send(this.socket ?? this.listener.socket, this, this.port);
    return 0;
  }

  sendDataIndication(peer: Peer, peerPort: number, bytes: Uint8Array, start: number, length: number): number {
    const { arena, outgoing, indications } = this.#parts;
    const headerBytes = dataIndicationHeaderBytes(peer.family);
    const at = outgoing.place(bytes, start, length, headerBytes, -length & 3);
    indications.write(arena.bytes, at, peer, peerPort, length);
    outgoing.send(this.socket ?? this.listener.socket, this, this.port);
    return 0;
  }
}
