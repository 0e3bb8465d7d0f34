import { randomInt } from 'node:crypto';
import { createControl } from '../control/control.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import type { KeyPair } from '../transport/tls-front.ts';
import { choosePlane, type ChosenPlane } from './choose-plane.ts';
import { monotonicMs } from './clock.ts';
import { ControlRunner } from './control-runner.ts';
import type { DrainResult } from './drain.ts';
import { machineAddresses } from './machine-addresses.ts';
import {
  resolveCredentials,
  resolveOptions,
  resolvePeerPolicy,
  resolveRelayAddresses,
  type ResolvedOptions,
} from './resolve-options.ts';
import { ServerCounters } from './server-counters.ts';
import { StreamDoor } from './stream-door.ts';
import { UdpDoor } from './udp-door.ts';
import type {
  ListenAddress,
  PeerLists,
  PlaneName,
  RelayAddress,
  TurnCredentials,
  TurnGauges,
  TurnServer,
  TurnServerOptions,
  TurnStream,
  TurnWorker,
} from './turn-server-options.ts';
import type { TurnListener, TurnSession } from './turn-session.ts';

/**
 * Makes a TURN server (RFC 8656). Nothing is bound before `start`.
 *
 * @throws TurnOptionsError when the options cannot be used.
 * @example
 * const server = createTurnServer({
 *   realm: 'example.org',
 *   users: new Map([['alice', 'secret']]),
 *   listeners: [{ transport: 'udp', address: '0.0.0.0', port: 3478 }],
 *   relayAddresses: [{ local: '192.0.2.1', advertised: '192.0.2.1' }],
 *   relayPorts: { min: 61000, max: 65535 },
 * });
 * await server.start();
 */
export function createTurnServer(options: TurnServerOptions): TurnServer {
  return new Server(resolveOptions(options));
}

/** Lifetimes are minutes long; a second more or less does not matter. */
const SWEEP_INTERVAL_MS = 1000;
/** How often new addresses of the machine are looked for, where a listener is for all of them. */
const FOLLOW_INTERVAL_MS = 10_000;

class Server implements TurnServer {
  readonly #options: ResolvedOptions;
  readonly #counters = new ServerCounters();
  readonly #servicePorts: Set<number>;
  readonly #chosen: ChosenPlane;
  readonly #plane: DataPlane;
  readonly #runner: ControlRunner;
  readonly #udpDoor: UdpDoor;
  readonly #streamDoor: StreamDoor;
  #timer: NodeJS.Timeout | undefined;
  #followTimer: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#servicePorts = new Set(options.servicePorts);
    const own = createOwnAddresses({
      relay: options.relayAddresses.flatMap(({ local, advertised }) => [local, advertised]),
      machine: [...machineAddresses(), ...options.listeners.map(({ ip }) => ip)],
      servicePorts: this.#servicePorts,
    });
    const randomBelow = (end: number): number => randomInt(end);
    const control = createControl({ ...options, own, randomBelow }, options.rules);
    this.#chosen = choosePlane(
      options.plane,
      {
        own,
        limits: options.planeLimits,
        nowMs: monotonicMs,
        seed: randomBelow(2 ** 32),
        onMessage: (client, octets) => {
          this.#runner.receive(client, octets);
        },
      },
      undefined,
      options,
    );
    this.#plane = this.#chosen.plane;
    const { logger, findUser } = options;
    this.#runner = new ControlRunner({
      control,
      plane: this.#plane,
      counters: this.#counters,
      logger,
      findUser,
      seed: randomBelow(2 ** 32),
    });
    this.#udpDoor = new UdpDoor({ plane: this.#plane, own, logger, machineAddresses });
    this.#streamDoor = new StreamDoor({
      ...options,
      plane: this.#plane,
      counters: this.#counters,
      hasAllocation: (path) => this.#runner.hasAllocation(path),
      onGone: (path) => {
        this.#runner.clientGone(path);
      },
    });
  }

  start(): Promise<void> {
    if (this.#starting !== undefined) return Promise.reject(new Error('a TURN server starts once'));
    this.#starting = this.#bindAll();
    return this.#starting;
  }

  async #bindAll(): Promise<void> {
    if (this.#state === 'stopped') throw new Error('a TURN server does not start again');
    this.#state = 'running';
    try {
      for (const listener of this.#options.listeners) {
        if (listener.transport !== 'udp')
          this.#servicePorts.add((await this.#streamDoor.listen(listener)).port);
        else for (const { port } of await this.#udpDoor.listen(listener)) this.#servicePorts.add(port);
      }
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#timer = setInterval(() => {
      this.#sweep();
    }, SWEEP_INTERVAL_MS);
    // Whoever has sockets or streams keeps the process alive; the clock alone should not.
    this.#timer.unref();
    this.#followTimer = setInterval(() => {
      void this.#udpDoor.follow();
    }, FOLLOW_INTERVAL_MS).unref();
  }

  async stop(): Promise<void> {
    // What is being bound can only be closed when it is.
    await this.#starting?.catch(() => undefined);
    await this.#close();
  }

  async #close(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    clearInterval(this.#timer);
    clearInterval(this.#followTimer);
    this.#udpDoor.close();
    this.#runner.close();
    await Promise.all([this.#streamDoor.close(), this.#plane.close()]);
  }

  // -- clients on connections

  acceptStream(connection: TurnStream): void {
    if (this.#state === 'running') this.#streamDoor.accept(connection);
    else connection.stream.on('error', () => undefined).destroy();
  }

  setKeyPair(keyPair: KeyPair): void {
    this.#streamDoor.setKeyPair(keyPair);
  }

  #sweep(): void {
    this.#runner.sweep();
    this.#streamDoor.sweep();
  }

  // -- rules and sessions

  setCredentials(credentials: TurnCredentials): void {
    this.#runner.replaceRules({ credentials: resolveCredentials(this.#options.realm, credentials) });
  }

  setPeerLists(lists: PeerLists): void {
    this.#runner.replaceRules({ policy: resolvePeerPolicy(lists, this.#options.peerRule) });
    this.#runner.recheckPeers();
  }

  setRelayAddresses(addresses: readonly RelayAddress[]): void {
    this.#runner.setRelayAddresses(resolveRelayAddresses(addresses));
  }

  recheckPeers(): number {
    return this.#runner.recheckPeers();
  }

  sessions(): readonly TurnSession[] {
    return this.#runner.sessions();
  }

  endSession(id: number): boolean {
    return this.#runner.endSession(id);
  }

  endSessionsOf(account: string): number {
    return this.#runner.endSessionsOf(account);
  }

  drain({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<DrainResult> {
    return this.#runner.drain(timeoutMs);
  }

  resume(): void {
    this.#runner.resume();
  }

  subscribe(listener: TurnListener): () => void {
    return this.#runner.subscribe(listener);
  }

  // -- what can be seen

  get plane(): PlaneName {
    return this.#chosen.name;
  }

  get planeDetails(): Readonly<Record<string, boolean | string>> {
    return this.#chosen.details;
  }

  workers(): readonly TurnWorker[] {
    return this.#chosen.workers();
  }

  listeners(): readonly ListenAddress[] {
    return [...this.#udpDoor.listeners(), ...this.#streamDoor.listeners()];
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#counters.snapshot(), ...Object.fromEntries(this.#plane.counters()) };
  }

  gauges(): TurnGauges {
    const { allocations, allocationsBy, permissions, channels, freePorts } = this.#runner.tally();
    return {
      allocations,
      allocations_udp: allocationsBy.udp,
      allocations_tcp: allocationsBy.tcp,
      allocations_tls: allocationsBy.tls,
      permissions,
      channels,
      relay_ports_free: freePorts,
      relay_sockets: this.#plane.openSockets(),
      streams: this.#streamDoor.size,
      held_requests: this.#runner.heldRequests,
      is_draining: this.#runner.isDraining ? 1 : 0,
    };
  }
}
