import type { IpAddress } from '@callbox/stun';
import type { ClientPath } from '../client-path.ts';
import type { RelayTotals } from '../data-plane.ts';
import type { Relay } from '../forwarding/relay.ts';
import type { AllowanceStates } from '../forwarding/shaper.ts';
import type { HostWords } from '../host-words.ts';
import type { RelayId, RouteChange } from '../route-change.ts';
import type { OpenLinuxListener } from './linux-listener.ts';
import type { Poller } from './poller.ts';

/** What a crew needs of the plane that it works for. */
export interface CrewHost {
  readonly poller: Poller;
  readonly servicePorts: ReadonlySet<number>;
  relay(id: RelayId): Relay | undefined;
  relayAt(family: IpAddress['family'], port: number): Relay | undefined;
  /** Anything from a client that is not a relay's media, or whose relay is gone. The octets are only lent. */
  receiveFromWorker(client: ClientPath, octets: Uint8Array): void;
  /** Media of a relay's client for a port of our relay address at which the worker knows nobody. The octets are only lent. */
  joinFromWorker(
    relay: Relay,
    peer: { readonly family: IpAddress['family']; readonly words: HostWords; readonly port: number },
    octets: Uint8Array,
  ): void;
  /** What a worker has counted that is no more, in the order of `PLANE_COUNTER_NAMES`. */
  addCounts(counts: Float64Array): void;
}

/** A worker, and what it has of the work. */
export interface WorkerShare {
  /** Its process; undefined while it is started, replaced or ended. */
  readonly pid: number | undefined;
  /** How many relays it carries now. */
  readonly relays: number;
  /** How much of a core it used in the last half second: 1 is a core, used all the time. */
  readonly cores: number;
  /** Packets that it has had from clients and sent to clients since it began. */
  readonly packets: number;
}

/**
 * Other processes that carry packets for the plane. The plane knows everything and could carry everything: what it lends, it
 * can take back at any time.
 */
export interface RelayCrew {
  /** Resolves when everybody is there, or is known not to come. */
  ready(): Promise<void>;
  readonly states: AllowanceStates;
  listenerOpened(listener: OpenLinuxListener): void;
  /** Resolves when the listener's address is free. */
  listenerClosed(id: number): Promise<void>;
  /** The relay's client has a socket of its own now. */
  clientSetApart(relay: Relay): void;
  /** A port of the relay has become a socket. */
  socketOpened(relay: Relay, family: IpAddress['family']): void;
  /** A change that the plane has carried out itself. */
  changed(change: RouteChange): void;
  /** What the workers have carried for a living relay. */
  totalsOf(relay: RelayId): RelayTotals;
  /** What the living workers have counted together, in the order of `PLANE_COUNTER_NAMES`. */
  counts(): Float64Array;
  workers(): readonly WorkerShare[];
  close(): Promise<void>;
}
