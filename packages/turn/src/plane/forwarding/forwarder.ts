import type { IpAddress } from '@callbox/stun';
import { channelDataLength, CHANNEL_DATA_HEADER_BYTES, startsChannelData } from '../../codec/channel-data.ts';
import { dataIndicationHeaderBytes } from '../../codec/data-indication.ts';
import { readUint16 } from '../../codec/octets.ts';
import {
  createSendIndication,
  readSendIndication,
  SEND_INDICATION_TYPE,
} from '../../codec/send-indication.ts';
import type { DataPlaneSettings } from '../data-plane.ts';
import { isSameHost } from '../host-table.ts';
import type { HostWords } from '../host-words.ts';
import { COUNTER, type PlaneCounters } from '../plane-counters.ts';
import type { Client } from './client.ts';
import { MAX_DATAGRAM_BYTES } from './frame-buffer.ts';
import type { Listener } from './listener.ts';
import type { Peer, Relay } from './relay.ts';
import type { Routes } from './routes.ts';
import type { Shaper } from './shaper.ts';
import type { WaitingPacket } from './waiting-packets.ts';

/** More than the checks of ICE send through a relay that is then not used. */
const BUSY_PACKETS = 200;

/** Takes a packet to a port of our relay address at which nobody is known here. */
export type JoinElsewhere = (
  relay: Relay,
  peer: Peer,
  port: number,
  bytes: Uint8Array,
  start: number,
  length: number,
) => void;

/**
 * The packet path. Whatever happens here happens for each packet of media, so it makes nothing: positions travel as
 * arguments, and a drop is a number that grows. What sockets are and how packets are put together is the plane's affair.
 */
export class Forwarder {
  readonly #routes: Routes<Listener>;
  readonly #shaper: Shaper;
  readonly #counters: PlaneCounters;
  readonly #servicePorts: ReadonlySet<number>;
  readonly #send = createSendIndication();
  readonly #joinElsewhere: JoinElsewhere | undefined;

  constructor(
    settings: Pick<DataPlaneSettings, 'own'>,
    routes: Routes<Listener>,
    shaper: Shaper,
    counters: PlaneCounters,
    /** Given where not all relays of the server are known. */
    joinElsewhere?: JoinElsewhere,
  ) {
    this.#routes = routes;
    this.#shaper = shaper;
    this.#counters = counters;
    shaper.onRelease((packet) => {
      this.#resume(packet);
    });
    this.#servicePorts = settings.own.servicePorts;
    this.#joinElsewhere = joinElsewhere;
  }

  /** True where a client's datagram comes out of a relay's socket: that would be a circle (RFC 8656 §21.1.7). */
  isRelay(family: IpAddress['family'], host: HostWords, port: number): boolean {
    const relay = this.#routes.relayAt(family, port);
    const ours = relay?.hostOf(family);
    if (ours === undefined || relay?.socketOf(family) === undefined) return false;
    return isSameHost(ours.localWords, host) || isSameHost(ours.advertisedWords, host);
  }

  /**
   * Forwards or drops what is media; false for everything else. `isLent`: the octets change when the call returns, so no
   * socket may keep them.
   */
  receiveFromClient(
    client: Client | undefined,
    bytes: Uint8Array,
    start: number,
    end: number,
    isLent: boolean,
  ): boolean {
    const first = bytes[start] ?? 0;
    const isChannelData = startsChannelData(first);
    if (!isChannelData && (first !== 0 || readUint16(bytes, start) !== SEND_INDICATION_TYPE)) return false;
    const relay = client?.relay;
    if (relay === undefined) this.#counters.add(COUNTER.noAllocation, 1);
    else if (isChannelData) this.#receiveChannelData(relay, bytes, start, end, isLent);
    else this.#receiveSendIndication(relay, bytes, start, end, isLent);
    return true;
  }

  #receiveChannelData(relay: Relay, bytes: Uint8Array, start: number, end: number, isLent: boolean): void {
    const length = channelDataLength(bytes, start, end);
    if (length < 0) {
      this.#counters.add(COUNTER.malformedMedia, 1);
      return;
    }
    const channel = relay.channels.get(readUint16(bytes, start));
    if (channel === undefined) {
      this.#counters.add(COUNTER.unboundChannel, 1);
      return;
    }
    const { peer, port } = channel;
    this.#forward(relay, peer, port, bytes, start + CHANNEL_DATA_HEADER_BYTES, length, isLent);
  }

  #receiveSendIndication(relay: Relay, bytes: Uint8Array, start: number, end: number, isLent: boolean): void {
    const send = this.#send;
    if (!readSendIndication(bytes, start, end, send)) {
      this.#counters.add(COUNTER.malformedMedia, 1);
      return;
    }
    const peer = relay.peers.find(send.peerWords);
    if (peer === undefined) this.#counters.add(COUNTER.noPermission, 1);
    else this.#forward(relay, peer, send.peerPort, bytes, send.dataStart, send.dataBytes, isLent);
  }

  /** Inside this server to a relay of ours, through the relay's socket to everybody else. */
  #forward(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    if (!peer.isPermitted) this.#counters.add(COUNTER.noPermission, 1);
    else if (!this.#shaper.mayCarry(relay.rates?.toPeers, length)) return;
    else if (!this.#shaper.mayPass(relay.share, length))
      this.#shaper.hold(relay, peer, port, false, bytes, start, length, isLent);
    else if (peer.owner === 'relay') this.join(relay, peer, port, bytes, start, length, isLent);
    else this.#sendToPeer(relay, peer, port, bytes, start, length, isLent);
  }

  /** A packet that has waited for its turn. What it went through may be gone by now. */
  #resume({ relay, peer, port, isToClient, octets }: WaitingPacket): void {
    if (relay === undefined || peer === undefined) return;
    if (relay.client.relay !== relay) this.#counters.add(COUNTER.noAllocation, 1);
    else if (isToClient && !peer.isPermitted) this.#counters.add(COUNTER.peerNotPermitted, 1);
    else if (isToClient) this.#sendToClient(relay, peer, port, octets, 0, octets.length);
    else if (!peer.isPermitted) this.#counters.add(COUNTER.noPermission, 1);
    else if (peer.owner === 'relay') this.join(relay, peer, port, octets, 0, octets.length, false);
    else this.#sendToPeer(relay, peer, port, octets, 0, octets.length, false);
  }

  /**
   * From relay to relay, what has passed the sender's rates. The receiving client may know the sender by either spelling of
   * its relay address.
   */
  join(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    const target = this.#routes.relayAt(peer.family, port);
    const host = relay.hostOf(peer.family);
    if (target === undefined && this.#joinElsewhere !== undefined) {
      this.#joinElsewhere(relay, peer, port, bytes, start, length);
      return;
    }
    if (target === undefined || host === undefined) {
      this.#counters.add(COUNTER.ownPort, 1);
      return;
    }
    this.#countFromClient(relay, length);
    let sender = target.peers.find(host.advertisedWords);
    if (sender?.isPermitted !== true) sender = target.peers.find(host.localWords);
    if (sender?.isPermitted !== true) {
      this.#counters.add(COUNTER.peerNotPermitted, 1);
      return;
    }
    this.#counters.add(COUNTER.packetsJoined, 1);
    this.#deliver(target, sender, relay.portOf(peer.family), bytes, start, length, isLent);
  }

  #sendToPeer(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    const socket = relay.socketOf(peer.family);
    if (port === 0 || (peer.owner === 'machine' && this.#servicePorts.has(port))) {
      this.#counters.add(COUNTER.ownPort, 1);
    } else if (socket === undefined) {
      this.#counters.add(COUNTER.noSocket, 1);
    } else if (length > MAX_DATAGRAM_BYTES) {
      this.#counters.add(COUNTER.tooLong, 1);
    } else if (!socket.hasRoom()) {
      this.#counters.add(COUNTER.queueFull, 1);
    } else {
      this.#countFromClient(relay, length);
      this.#counters.add(COUNTER.packetsToPeers, 1);
      this.#counters.add(COUNTER.bytesToPeers, length);
      socket.send(peer, port, bytes, start, length, isLent);
    }
  }

  /**
   * From a peer outside: dropped unless its host has a permission (RFC 8656 §11.3). A service of ours is no peer: what our
   * listener sends to a client that is a relay of ours would go round and round (RFC 8656 §21.1.7).
   */
  receiveFromPeer(
    relay: Relay,
    host: HostWords,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    const peer = relay.peers.find(host);
    if (peer?.isPermitted !== true) this.#counters.add(COUNTER.peerNotPermitted, 1);
    else if (peer.owner !== 'foreign' && this.#servicePorts.has(port)) this.#counters.add(COUNTER.ownPort, 1);
    else this.#deliver(relay, peer, port, bytes, start, length, isLent);
  }

  #deliver(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    if (!this.#shaper.mayCarry(relay.rates?.toClient, length)) return;
    if (this.#shaper.mayPass(relay.share, length))
      this.#sendToClient(relay, peer, port, bytes, start, length);
    else this.#shaper.hold(relay, peer, port, true, bytes, start, length, isLent);
  }

  /** As ChannelData where the peer has a channel, as a Data indication otherwise (RFC 8656 §11.3, §12.7). */
  #sendToClient(
    relay: Relay,
    peer: Peer,
    port: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const { client } = relay;
    const target = relay;
    const channel = peer.channels.get(port);
    if (!client.isStream && frameBytes(peer, channel, length) > MAX_DATAGRAM_BYTES) {
      this.#counters.add(COUNTER.tooLong, 1);
      return;
    }
    const dropped =
      channel === undefined
        ? client.sendDataIndication(peer, port, bytes, start, length)
        : client.sendChannelData(channel, bytes, start, length);
    if (dropped > 0) this.#counters.add(COUNTER.queueFull, dropped);
    // What a stream drops is older and has been counted as sent; a socket drops this one.
    if (dropped > 0 && !client.isStream) return;
    this.#counters.add(COUNTER.packetsToClients + client.transportOffset, 1);
    this.#counters.add(COUNTER.bytesToClients + client.transportOffset, length);
    target.packetsToClient += 1;
    target.bytesToClient += length;
  }

  #countFromClient(relay: Relay, length: number): void {
    const { transportOffset } = relay.client;
    const source = relay;
    this.#counters.add(COUNTER.packetsFromClients + transportOffset, 1);
    this.#counters.add(COUNTER.bytesFromClients + transportOffset, length);
    source.packetsFromClient += 1;
    // Who has sent so much has a call going on.
    if (source.packetsFromClient === BUSY_PACKETS) relay.client.setApart(true);
    source.bytesFromClient += length;
  }
}

/** What a payload becomes in a datagram to a client. */
function frameBytes({ family }: Peer, channel: number | undefined, length: number): number {
  return channel === undefined
    ? dataIndicationHeaderBytes(family) + ((length + 3) & ~3)
    : CHANNEL_DATA_HEADER_BYTES + length;
}
