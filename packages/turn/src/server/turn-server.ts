import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { formatIpAddress, type IpAddress, type TransportAddress } from '@callbox/stun';
import { fiveTupleOf } from '../allocation/allocation.ts';
import type { Instant } from '../auth/instant.ts';
import { handleClientGone } from '../control/client-gone.ts';
import { createControl, type Control } from '../control/control.ts';
import { endAllocation } from '../control/end-allocation.ts';
import { handleMessage } from '../control/handle-message.ts';
import type { AllocationEvent, Effects } from '../control/outcome.ts';
import { recordSocket } from '../control/record-socket.ts';
import { sweep } from '../control/sweep.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import { DgramPlane } from '../plane/dgram/dgram-plane.ts';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import { readSocketAddress } from '../transport/client-address.ts';
import { ListenError } from '../transport/listen-error.ts';
import { StreamClient, type StreamEnd } from '../transport/stream-client.ts';
import { listenTcp, type TcpListener } from '../transport/tcp-listener.ts';
import { expandWildcard, isWildcard } from './expand-wildcard.ts';
import { machineAddresses } from './machine-addresses.ts';
import { resolveOptions, type ResolvedOptions } from './resolve-options.ts';
import { ServerCounters } from './server-counters.ts';
import type {
  ListenAddress,
  TurnGauges,
  TurnServer,
  TurnServerOptions,
  TurnStream,
} from './turn-server-options.ts';

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

class Server implements TurnServer {
  readonly #options: ResolvedOptions;
  readonly #counters = new ServerCounters();
  readonly #servicePorts: Set<number>;
  readonly #machine: readonly IpAddress[];
  readonly #control: Control;
  readonly #plane: DataPlane;
  readonly #streams = new Set<StreamClient>();
  readonly #tcpListeners: TcpListener[] = [];
  readonly #bound: ListenAddress[] = [];
  #timer: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#servicePorts = new Set(options.servicePorts);
    this.#machine = machineAddresses();
    const own = createOwnAddresses({
      relay: options.relayAddresses.flatMap(({ local, advertised }) => [local, advertised]),
      machine: [...this.#machine, ...options.listeners.map(({ ip }) => ip)],
      servicePorts: this.#servicePorts,
    });
    const randomBelow = (end: number): number => randomInt(end);
    this.#control = createControl({
      ...options,
      own,
      advertised: options.relayAddresses.map(({ advertised }) => advertised),
      randomBelow,
    });
    this.#plane = new DgramPlane({
      relayAddresses: options.relayAddresses,
      own,
      seed: randomBelow(2 ** 32),
      onMessage: (client, octets) => {
        this.#receive(client, octets);
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
        if (listener.transport === 'udp') await this.#listenUdp(listener);
        else await this.#listenTcp(listener);
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
  }

  async #listenUdp(listener: ResolvedOptions['listeners'][number]): Promise<void> {
    let { port } = listener;
    let lastError: unknown;
    let count = 0;
    for (const ip of expandWildcard(listener.ip, this.#machine)) {
      try {
        const bound = await this.#plane.listen({ ...ip, port });
        ({ port } = bound);
        count += 1;
        this.#addBound({ transport: 'udp', address: formatIpAddress(ip.address), port });
      } catch (error) {
        // An interface may show an address that it does not have yet, or no longer.
        const isForgivable = error instanceof ListenError && error.code === 'EADDRNOTAVAIL';
        if (!isForgivable || !isWildcard(listener.ip)) throw error;
        this.#options.logger.warn('an address of this machine is not served', { reason: error.message });
        lastError = error;
      }
    }
    if (count === 0) {
      throw lastError ?? new ListenError(listener, new Error('the machine has no address of this family'));
    }
  }

  async #listenTcp({ address, port }: ListenAddress): Promise<void> {
    const listener = await listenTcp({ address, port }, (socket) => {
      this.#acceptSocket(socket);
    });
    this.#tcpListeners.push(listener);
    this.#addBound({ transport: 'tcp', address, port: listener.port });
  }

  #addBound(listener: ListenAddress): void {
    this.#bound.push(listener);
    this.#servicePorts.add(listener.port);
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
    for (const allocation of this.#control.allocations.values()) {
      this.#carryOut(endAllocation(this.#control, monotonicMs(), { allocation, cause: 'server-stopped' }));
    }
    const closed = this.#tcpListeners.map((listener) => listener.close());
    for (const stream of this.#streams) stream.end('server-stopped');
    await Promise.all([...closed, this.#plane.close()]);
  }

  // -- clients on connections

  #acceptSocket(socket: Socket): void {
    const remote = readSocketAddress(socket.remoteAddress, socket.remotePort);
    const local = readSocketAddress(socket.localAddress, socket.localPort);
    this.#accept({ stream: socket, transport: 'tcp' }, remote, local);
  }

  acceptStream({ stream, transport, remote, local }: TurnStream): void {
    this.#accept(
      { stream, transport },
      readSocketAddress(remote.address, remote.port),
      readSocketAddress(local.address, local.port),
    );
  }

  #accept(
    { stream, transport }: Pick<TurnStream, 'stream' | 'transport'>,
    remote: TransportAddress | undefined,
    local: TransportAddress | undefined,
  ): void {
    if (this.#state !== 'running' || remote === undefined || local === undefined || stream.destroyed) {
      stream.on('error', () => undefined);
      stream.destroy();
      return;
    }
    this.#counters.countStream();
    this.#streams.add(
      new StreamClient({
        stream,
        transport,
        remote,
        local,
        plane: this.#plane,
        limits: this.#options.streamLimits,
        nowMs: monotonicMs,
        onEnd: (client, end) => {
          this.#streamEnded(client, end);
        },
      }),
    );
  }

  #streamEnded(client: StreamClient, end: StreamEnd): void {
    this.#streams.delete(client);
    this.#counters.countStreamEnd(end);
    this.#carryOut(handleClientGone(this.#control, now(), client.path));
  }

  // -- decisions

  #receive(client: ClientPath, octets: Uint8Array): void {
    const instant = now();
    let outcome = handleMessage(this.#control, instant, { client, octets });
    while (outcome.kind === 'needs-socket') {
      recordSocket(this.#control, outcome, this.#plane.openSocket(outcome.relay, outcome.family));
      outcome = handleMessage(this.#control, instant, { client, octets });
    }
    if (outcome.kind === 'drop') {
      this.#counters.countDrop(outcome.reason);
      return;
    }
    if (outcome.errorCode === undefined) this.#counters.countSuccess(outcome.method);
    else this.#counters.countError(outcome.errorCode);
    // Routes first: the client may send as soon as it has the answer.
    this.#carryOut(outcome.effects);
    this.#plane.send(client, outcome.octets);
  }

  #sweep(): void {
    for (const effects of sweep(this.#control, now())) this.#carryOut(effects);
    for (const stream of this.#streams) {
      stream.checkTimeouts(this.#control.allocations.find(fiveTupleOf(stream.path)) !== undefined);
    }
  }

  #carryOut({ changes, events }: Effects): void {
    for (const change of changes) this.#plane.apply(change);
    for (const event of events) this.#report(event);
  }

  #report(event: AllocationEvent): void {
    if (event.kind === 'allocation-created') this.#counters.countAllocation();
    if (event.kind !== 'allocation-ended') return;
    const { allocation, cause } = event;
    this.#counters.countEnd(cause);
    this.#options.logger.debug('allocation ended', {
      cause,
      user: allocation.owner.account,
      transport: allocation.client.transport,
      ports: allocation.ports.map(({ port }) => port),
      seconds: Math.round((monotonicMs() - allocation.createdAtMs) / 1000),
    });
  }

  // -- what can be seen

  listeners(): readonly ListenAddress[] {
    return [...this.#bound];
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#counters.snapshot(), ...Object.fromEntries(this.#plane.counters()) };
  }

  gauges(): TurnGauges {
    return {
      allocations: this.#control.allocations.size,
      relay_sockets: this.#plane.openSockets(),
      streams: this.#streams.size,
    };
  }
}

/** The only clocks of the package. */
function now(): Instant {
  return { monotonicMs: monotonicMs(), epochSeconds: Math.floor(Date.now() / 1000) };
}

function monotonicMs(): number {
  return performance.now();
}
