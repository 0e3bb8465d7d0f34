import { formatIpAddress, type IpAddress } from '@callbox/stun';
import { addressKey } from '../allocation/address-key.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import type { OwnAddresses } from '../policy/own-addresses.ts';
import { ListenError } from '../transport/listen-error.ts';
import { expandWildcard, isWildcard } from './expand-wildcard.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { ListenAddress, Logger } from './turn-server-options.ts';

type UdpListener = ResolvedOptions['listeners'][number];

export interface UdpDoorSettings {
  readonly plane: DataPlane;
  readonly own: OwnAddresses;
  readonly logger: Logger;
  /** What the machine has at the moment. */
  readonly machineAddresses: () => readonly IpAddress[];
}

/** A bound address. */
interface Binding {
  readonly ip: IpAddress;
  /** The plane's word for it. */
  readonly id: number;
  readonly listener: ListenAddress;
}

/** A listener that follows the addresses of the machine, and those that it has at the moment. */
interface Wildcard {
  readonly ip: IpAddress;
  readonly port: number;
  readonly bindings: Map<string, Binding>;
}

/**
 * Where clients on UDP come in. Told to listen on all addresses of the machine, it binds each by itself, so that an answer
 * leaves from where the question came, and follows when addresses come and go.
 */
export class UdpDoor {
  readonly #settings: UdpDoorSettings;
  readonly #fixed: Binding[] = [];
  readonly #wildcards: Wildcard[] = [];
  /** Addresses that could not be bound, so that each is told of once. */
  readonly #refused = new Set<string>();
  #isClosed = false;

  constructor(settings: UdpDoorSettings) {
    this.#settings = settings;
  }

  /** What is bound now. */
  listeners(): readonly ListenAddress[] {
    const followed = this.#wildcards.flatMap(({ bindings }) => [...bindings.values()]);
    return [...this.#fixed, ...followed].map(({ listener }) => listener);
  }

  /**
   * Binds a listener; one per address of the machine where it is told to listen on all of them: the first port that the
   * system chooses is everybody's then. An address that cannot be bound is forgiven only there.
   *
   * @throws ListenError
   */
  async listen(listener: UdpListener): Promise<readonly ListenAddress[]> {
    if (!isWildcard(listener.ip)) {
      const binding = await this.#bind(listener.ip, listener.port);
      this.#fixed.push(binding);
      return [binding.listener];
    }
    const bindings = new Map<string, Binding>();
    let { port } = listener;
    for (const ip of expandWildcard(listener.ip, this.#settings.machineAddresses())) {
      const binding = await this.#bindIfThere(ip, port);
      if (binding === undefined) continue;
      bindings.set(addressKey(ip), binding);
      ({ port } = binding.listener);
    }
    if (bindings.size === 0) {
      const cause = new Error('the machine has no address of this family');
      throw new ListenError({ ...listener, transport: 'udp' }, cause);
    }
    this.#wildcards.push({ ip: listener.ip, port, bindings });
    return [...bindings.values()].map((binding) => binding.listener);
  }

  /**
   * Binds addresses that the machine has got since, and lets those go that it has lost, once none of their clients has an
   * allocation any more: an address may come back while they last.
   */
  async follow(): Promise<void> {
    const { own, plane, machineAddresses, logger } = this.#settings;
    if (this.#wildcards.length === 0) return;
    const present = orNothing(machineAddresses);
    if (present === undefined) return;
    own.noteMachineAddresses(present);
    for (const { ip: wildcard, port, bindings } of this.#wildcards) {
      const wanted = new Map(expandWildcard(wildcard, present).map((ip) => [addressKey(ip), ip]));
      for (const [key, { id, listener }] of bindings) {
        if (wanted.has(key) || this.#isClosed || !(await plane.retire(id))) continue;
        bindings.delete(key);
        logger.info('an address is gone', { ...listener });
      }
      for (const [key, ip] of wanted) {
        if (bindings.has(key) || this.#isClosed) continue;
        const binding = await this.#bindLater(ip, port);
        if (binding === undefined) continue;
        bindings.set(key, binding);
        logger.info('listening on a new address', { ...binding.listener });
      }
    }
  }

  /** Binds nothing any more. What is bound is the plane's to close. */
  close(): void {
    this.#isClosed = true;
  }

  async #bind(ip: IpAddress, port: number): Promise<Binding> {
    const { id, local } = await this.#settings.plane.listen({ ...ip, port });
    const listener: ListenAddress = {
      transport: 'udp',
      address: formatIpAddress(ip.address),
      port: local.port,
    };
    return { ip, id, listener };
  }

  /** An interface may show an address that it does not have yet, or no longer. */
  async #bindIfThere(ip: IpAddress, port: number): Promise<Binding | undefined> {
    try {
      return await this.#bind(ip, port);
    } catch (error) {
      if (!(error instanceof ListenError) || error.code !== 'EADDRNOTAVAIL') throw error;
      this.#warnOnce(ip, error);
      return undefined;
    }
  }

  /** Whatever is wrong with it is tried again the next time. */
  async #bindLater(ip: IpAddress, port: number): Promise<Binding | undefined> {
    try {
      const binding = await this.#bind(ip, port);
      this.#refused.delete(addressKey(ip));
      return binding;
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      if (!this.#isClosed) this.#warnOnce(ip, error);
      return undefined;
    }
  }

  #warnOnce(ip: IpAddress, error: ListenError): void {
    const key = addressKey(ip);
    if (this.#refused.has(key)) return;
    this.#refused.add(key);
    this.#settings.logger.warn('an address of this machine is not served', { reason: error.message });
  }
}

/** Some systems do not always tell; then nothing has changed as far as anybody knows. */
function orNothing(machineAddresses: () => readonly IpAddress[]): readonly IpAddress[] | undefined {
  try {
    return machineAddresses();
  } catch {
    return undefined;
  }
}
