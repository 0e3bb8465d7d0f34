import { formatIpAddress, formatTransportAddress, type IpAddress } from '@callbox/stun';
import type { RelayId, RouteChange } from '../../plane/route-change.ts';

interface ModelRelay {
  readonly ports: Set<string>;
  readonly permitted: Set<string>;
  readonly channels: Map<number, string>;
}

/**
 * What a data plane would know by now, kept a second time and without mercy: every change has to make sense against
 * what went before. What does not is a finding.
 */
export class RouteModel {
  readonly findings: string[] = [];
  readonly #relays = new Map<RelayId, ModelRelay>();
  readonly #usedIds = new Set<RelayId>();

  get relays(): number {
    return this.#relays.size;
  }

  /** The most that any one relay has. */
  get most(): { readonly permissions: number; readonly channels: number } {
    const relays = [...this.#relays.values()];
    return {
      permissions: Math.max(0, ...relays.map(({ permitted }) => permitted.size)),
      channels: Math.max(0, ...relays.map(({ channels }) => channels.size)),
    };
  }

  apply(change: RouteChange): void {
    if (change.kind === 'add-relay') {
      this.#add(change);
      return;
    }
    const relay = this.#relays.get(change.relay);
    if (relay === undefined) {
      this.findings.push(`${change.kind} of relay ${change.relay}, which is not there`);
      return;
    }
    switch (change.kind) {
      case 'remove-relay':
        this.#relays.delete(change.relay);
        return;
      case 'remove-port': {
        const port = [...relay.ports].find((text) => text.startsWith(`${change.family} `));
        this.#expect(
          port !== undefined && relay.ports.delete(port),
          'remove-port of a port that is not there',
        );
        return;
      }
      case 'permit': {
        const peer = formatIpAddress(change.peer.address);
        this.#expect(!relay.permitted.has(peer), `permit ${peer}, which is permitted`);
        this.#expect(!isForbidden(change.peer), `permit ${peer}, which nobody may reach`);
        relay.permitted.add(peer);
        return;
      }
      case 'forbid': {
        const peer = formatIpAddress(change.peer.address);
        this.#expect(relay.permitted.delete(peer), `forbid ${peer}, which is not permitted`);
        return;
      }
      case 'bind-channel': {
        const peer = formatTransportAddress(change.peer);
        const isNew = !relay.channels.has(change.channel) && ![...relay.channels.values()].includes(peer);
        this.#expect(isNew, `bind-channel ${change.channel} to ${peer}: one of them is bound`);
        this.#expect(change.channel >= 0x4000 && change.channel <= 0x7fff, `channel ${change.channel}`);
        this.#expect(change.peer.port !== 0, 'a channel to port 0');
        relay.channels.set(change.channel, peer);
        return;
      }
      case 'unbind-channel':
        this.#expect(relay.channels.delete(change.channel), `unbind-channel ${change.channel}: not bound`);
    }
  }

  #add({ relay, ports }: Extract<RouteChange, { kind: 'add-relay' }>): void {
    this.#expect(!this.#usedIds.has(relay), `relay ${relay} is used twice`);
    this.#usedIds.add(relay);
    const texts = ports.map(({ family, port }) => `${family} ${port}`);
    for (const other of this.#relays.values()) {
      for (const text of texts) this.#expect(!other.ports.has(text), `port ${text} is given twice`);
    }
    this.#relays.set(relay, { ports: new Set(texts), permitted: new Set(), channels: new Map() });
  }

  #expect(holds: boolean, finding: string): void {
    if (!holds) this.findings.push(finding);
  }
}

/** The relay addresses of `ControlWorld`, which two clients of one server meet at. */
const OWN = new Set(['203.0.113.1', '10.0.0.1', '2001:db8::1']);

/**
 * Addresses that no relay may ever reach, written down a second time and coarsely: everything but global unicast, and
 * all of IPv6's clothes for IPv4.
 */
function isForbidden({ address, family }: IpAddress): boolean {
  if (OWN.has(formatIpAddress(address))) return false;
  const [first = 0, second = 0, third = 0, fourth = 0] = address;
  if (family === 4) {
    const isPrivate =
      first === 10 || (first === 172 && second >> 4 === 1) || (first === 192 && second === 168);
    return isPrivate || first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254);
  }
  const isTeredo = first === 0x20 && second === 0x01 && third === 0 && fourth === 0;
  const is6to4 = first === 0x20 && second === 0x02;
  return first >> 5 !== 1 || isTeredo || is6to4;
}
