import type { IpAddress } from '@callbox/stun';
import type { OwnAddresses } from '../../policy/own-addresses.ts';
import type { ClientPath } from '../client-path.ts';
import type { DataPlaneSettings, PlaneStream } from '../data-plane.ts';
import { HostTable } from '../host-table.ts';
import { hostWordsOf, type HostWords } from '../host-words.ts';
import type { RelayId, RelayPort, RouteChange } from '../route-change.ts';
import type { Client } from './client.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Listener } from './listener.ts';
import { Relay, type RelayHost } from './relay.ts';
import type { Shaper } from './shaper.ts';
import { StreamClient } from './stream-client.ts';

type Family = IpAddress['family'];

/** Who is who: relays by their names and by their ports, clients by where they come from. */
export class Routes<L extends Listener> {
  readonly #own: OwnAddresses;
  readonly #seed: number;
  readonly #writer: FrameWriter;
  readonly #shaper: Shaper;
  readonly #listeners = new Map<number, L>();
  readonly #streams = new Map<number, StreamClient>();
  readonly #relays = new Map<RelayId, Relay>();
  readonly #relayByPort = { 4: new Map<number, Relay>(), 6: new Map<number, Relay>() };
  readonly #lastHost: { 4: RelayHost | undefined; 6: RelayHost | undefined } = { 4: undefined, 6: undefined };
  #nextListener = 0;
  #nextStream = 0;
  #openSockets = 0;

  constructor(
    { own, seed }: Pick<DataPlaneSettings, 'own' | 'seed'>,
    shaper: Shaper,
    /** Puts frames together for clients on connections. */
    writer: FrameWriter,
  ) {
    this.#own = own;
    this.#seed = seed;
    this.#writer = writer;
    this.#shaper = shaper;
  }

  listeners(): Iterable<L> {
    return this.#listeners.values();
  }

  listener(id: number): L | undefined {
    return this.#listeners.get(id);
  }

  /** Relay ports that have become sockets. */
  get openSockets(): number {
    return this.#openSockets;
  }

  /** The number that the next listener has, and a table for its clients. */
  listenerParts(): Pick<Listener, 'id' | 'clients'> {
    const id = this.#nextListener;
    this.#nextListener += 1;
    return { id, clients: new HostTable(this.#seed) };
  }

  addListener(listener: L): void {
    this.#listeners.set(listener.id, listener);
  }

  removeListener(id: number): void {
    this.#listeners.delete(id);
  }

  addStream(stream: PlaneStream): number {
    const port = this.#nextStream;
    this.#nextStream += 1;
    this.#streams.set(port, new StreamClient(stream, this.#writer));
    return port;
  }

  removeStream(port: number): void {
    this.#streams.delete(port);
  }

  stream(port: number): StreamClient | undefined {
    return this.#streams.get(port);
  }

  relay(id: RelayId): Relay | undefined {
    return this.#relays.get(id);
  }

  /** The living relay that has a port of our relay address. */
  relayAt(family: Family, port: number): Relay | undefined {
    return this.#relayByPort[family].get(port);
  }

  /** A client of a listener that has a relay. */
  datagramClient(listener: Listener, host: HostWords, port: number): Client | undefined {
    return listener.clients.find(host)?.get(port);
  }

  noteSocketOpened(): void {
    this.#openSockets += 1;
  }

  apply(change: RouteChange): void {
    if (change.kind === 'add-relay') {
      this.#addRelay(change);
      return;
    }
    const relay = this.#relays.get(change.relay);
    if (relay === undefined) return;
    switch (change.kind) {
      case 'remove-relay':
        this.#removeRelay(relay);
        break;
      case 'remove-port':
        this.#removePort(relay, change.family);
        break;
      case 'permit':
        relay.permit(change.peer, this.#own.ownerOf(change.peer));
        // Who has a peer may be about to send media, as most allocations of a mesh never are.
        relay.client.setApart(false);
        break;
      case 'forbid':
        relay.forbid(change.peer);
        break;
      case 'bind-channel':
        relay.bindChannel(change.channel, change.peer, this.#own.ownerOf(change.peer));
        // Who has a peer may be about to send media, as most allocations of a mesh never are.
        relay.client.setApart(false);
        break;
      case 'unbind-channel':
        relay.unbindChannel(change.channel);
        break;
    }
  }

  /** Forgets all relays and streams. Listeners are left to whoever made them. */
  clear(): void {
    for (const relay of this.#relays.values()) this.#removeRelay(relay);
    this.#streams.clear();
  }

  #addRelay({ relay: id, client: path, account, ports }: Extract<RouteChange, { kind: 'add-relay' }>): void {
    const client = this.#clientAt(path);
    if (client === undefined) return;
    const share = this.#shaper.join(account);
    const relay = new Relay({
      id,
      path,
      client,
      share,
      rates: this.#shaper.ratesOfRelay(id),
      seed: this.#seed,
    });
    client.relay = relay;
    this.#relays.set(id, relay);
    for (const port of ports) {
      relay.addPort(port, this.#hostOf(port));
      this.#relayByPort[port.family].set(port.port, relay);
    }
  }

  /** Almost all relays have the same one. */
  #hostOf({ family, address }: RelayPort): RelayHost {
    const known = this.#lastHost[family];
    if (known?.local === address.local && known.advertised === address.advertised) return known;
    const { local, advertised } = address;
    const host = { ...address, localWords: hostWordsOf(local), advertisedWords: hostWordsOf(advertised) };
    this.#lastHost[family] = host;
    return host;
  }

  #clientAt({ transport, remote, port }: ClientPath): Client | undefined {
    if (transport !== 'udp') return this.#streams.get(port);
    const listener = this.#listeners.get(port);
    if (listener === undefined) return undefined;
    const words = hostWordsOf(remote);
    const clients = listener.clients.find(words) ?? new Map<number, Client>();
    const client = listener.createClient(remote);
    if (!clients.has(remote.port)) listener.clientCount += 1;
    clients.set(remote.port, client);
    listener.clients.set(words, clients);
    return client;
  }

  #removeRelay(relay: Relay): void {
    this.#relays.delete(relay.id);
    for (const family of [4, 6] as const) this.#removePort(relay, family);
    relay.client.relay = undefined;
    this.#shaper.leave(relay.share);
    relay.client.release();
    if (relay.path.transport === 'udp') this.#removeDatagramClient(relay.path);
  }

  #removeDatagramClient({ remote, port }: ClientPath): void {
    const listener = this.#listeners.get(port);
    if (listener === undefined) return;
    const words = hostWordsOf(remote);
    const clients = listener.clients.find(words);
    if (clients?.delete(remote.port) === true) listener.clientCount -= 1;
    if (clients?.size === 0) listener.clients.delete(words);
  }

  #removePort(relay: Relay, family: Family): void {
    const port = relay.portOf(family);
    if (this.#relayByPort[family].get(port) === relay) this.#relayByPort[family].delete(port);
    if (relay.dropFamily(family)) this.#openSockets -= 1;
  }
}
