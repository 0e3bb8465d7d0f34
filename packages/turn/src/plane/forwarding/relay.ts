import { formatIpAddress, type IpAddress, type TransportAddress } from '@callbox/stun';
import type { AddressOwner } from '../../policy/own-addresses.ts';
import type { ClientPath } from '../client-path.ts';
import { HostTable } from '../host-table.ts';
import { hostWordsOf, type HostWords } from '../host-words.ts';
import type { PlaneRelayAddress, RelayId, RelayPort } from '../route-change.ts';
import type { Client } from './client.ts';
import type { RelaySocket } from './relay-socket.ts';
import type { RelayRates, Share } from './shaper.ts';

/** A host that a relay has to do with: permitted, or at the far end of a channel, or both. */
export interface Peer {
  readonly family: IpAddress['family'];
  readonly words: HostWords;
  /** As Node's sockets want it: made once, not per packet. */
  readonly host: string;
  readonly owner: AddressOwner;
  isPermitted: boolean;
  /** Runs of packets longer than this cannot be handed to the kernel as one; see `plane/linux`. */
  segmentLimit: number;
  /** Port to channel number. */
  readonly channels: Map<number, number>;
}

/** Only some planes want the text of an address: it is made when one asks. */
class RelayPeer implements Peer {
  readonly family: IpAddress['family'];
  readonly words: HostWords;
  readonly owner: AddressOwner;
  isPermitted = false;
  segmentLimit = Infinity;
  readonly channels = new Map<number, number>();
  readonly #address: Uint8Array;
  #host: string | undefined;

  constructor({ family, address }: IpAddress, words: HostWords, owner: AddressOwner) {
    this.family = family;
    this.words = words;
    this.owner = owner;
    this.#address = address;
  }

  get host(): string {
    this.#host ??= formatIpAddress(this.#address);
    return this.#host;
  }
}

/** Where a channel leads. */
export interface Channel {
  readonly peer: Peer;
  readonly port: number;
}

/** The address of a relay, and its two spellings as the peers of other relays. */
export interface RelayHost extends PlaneRelayAddress {
  readonly localWords: HostWords;
  readonly advertisedWords: HostWords;
}

/** One client's relay: its ports, the sockets some of them have become, its peers and channels. */
export class Relay {
  readonly id: RelayId;
  readonly path: ClientPath;
  readonly client: Client;
  readonly share: Share;
  readonly rates: RelayRates | undefined;
  readonly channels = new Map<number, Channel>();
  readonly peers: HostTable<Peer>;
  /** Totals, see `RelayTotals`. */
  packetsFromClient = 0;
  bytesFromClient = 0;
  packetsToClient = 0;
  bytesToClient = 0;
  port4 = 0;
  port6 = 0;
  host4: RelayHost | undefined;
  host6: RelayHost | undefined;
  socket4: RelaySocket | undefined;
  socket6: RelaySocket | undefined;

  constructor(relay: {
    readonly id: RelayId;
    readonly path: ClientPath;
    readonly client: Client;
    readonly share: Share;
    readonly rates: RelayRates | undefined;
    readonly seed: number;
  }) {
    this.id = relay.id;
    this.path = relay.path;
    this.client = relay.client;
    this.share = relay.share;
    this.rates = relay.rates;
    this.peers = new HostTable(relay.seed);
  }

  /** 0 where the relay has no address of the family. */
  portOf(family: IpAddress['family']): number {
    return family === 4 ? this.port4 : this.port6;
  }

  socketOf(family: IpAddress['family']): RelaySocket | undefined {
    return family === 4 ? this.socket4 : this.socket6;
  }

  /** Undefined where the relay has no address of the family. */
  hostOf(family: IpAddress['family']): RelayHost | undefined {
    return family === 4 ? this.host4 : this.host6;
  }

  addPort({ family, port }: RelayPort, host: RelayHost): void {
    if (family === 4) {
      this.port4 = port;
      this.host4 = host;
    } else {
      this.port6 = port;
      this.host6 = host;
    }
  }

  addSocket(family: IpAddress['family'], socket: RelaySocket): void {
    if (family === 4) this.socket4 = socket;
    else this.socket6 = socket;
  }

  /** Forgets one family; true when a socket was closed. */
  dropFamily(family: IpAddress['family']): boolean {
    const socket = this.socketOf(family);
    socket?.close();
    if (family === 4) {
      this.port4 = 0;
      this.host4 = undefined;
      this.socket4 = undefined;
    } else {
      this.port6 = 0;
      this.host6 = undefined;
      this.socket6 = undefined;
    }
    return socket !== undefined;
  }

  /** Whose the address of a peer is; undefined where it is no peer. */
  ownerOf(address: IpAddress): AddressOwner | undefined {
    return this.peers.find(hostWordsOf(address))?.owner;
  }

  permit(address: IpAddress, owner: AddressOwner): void {
    this.#peerOf(address, owner).isPermitted = true;
  }

  forbid(address: IpAddress): void {
    const peer = this.peers.find(hostWordsOf(address));
    if (peer === undefined) return;
    peer.isPermitted = false;
    this.#forgetIfUnused(peer);
  }

  bindChannel(number: number, address: TransportAddress, owner: AddressOwner): void {
    const peer = this.#peerOf(address, owner);
    peer.channels.set(address.port, number);
    this.channels.set(number, { peer, port: address.port });
  }

  unbindChannel(number: number): void {
    const channel = this.channels.get(number);
    if (channel === undefined) return;
    this.channels.delete(number);
    channel.peer.channels.delete(channel.port);
    this.#forgetIfUnused(channel.peer);
  }

  #peerOf(address: IpAddress, owner: AddressOwner): Peer {
    const words = hostWordsOf(address);
    const known = this.peers.find(words);
    if (known !== undefined) return known;
    const peer = new RelayPeer(address, words, owner);
    this.peers.set(words, peer);
    return peer;
  }

  #forgetIfUnused(peer: Peer): void {
    if (!peer.isPermitted && peer.channels.size === 0) this.peers.delete(peer.words);
  }
}
