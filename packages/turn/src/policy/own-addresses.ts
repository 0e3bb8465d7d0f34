import type { IpAddress, TransportAddress } from '@callbox/stun';
import { addressKey } from '../allocation/address-key.ts';

/** Whose an address is: a relay address of this server, another address of this machine, or somebody else's. */
export type AddressOwner = 'relay' | 'machine' | 'foreign';

/** What this server knows about its own addresses. */
export interface OwnAddresses {
  /** UDP ports on which this program listens. */
  readonly servicePorts: ReadonlySet<number>;
  ownerOf(address: IpAddress): AddressOwner;
  /** Relay addresses in all their spellings, maybe new ones. What was one once remains so. */
  noteRelayAddresses(addresses: readonly IpAddress[]): void;
  /** Addresses that the machine has, maybe new ones. What was its own once remains so. */
  noteMachineAddresses(addresses: readonly IpAddress[]): void;
  /** True where a datagram would reach a listener of this program instead of a peer. */
  isService(address: TransportAddress): boolean;
}

/** Service ports count on every own address: a listener may be bound to all of them, or a NAT may map one to another. */
export function createOwnAddresses(own: {
  /** Relay addresses in all their spellings, local and advertised. */
  readonly relay: readonly IpAddress[];
  readonly machine: readonly IpAddress[];
  /** Read at each question: ports that the system chose may still come in. */
  readonly servicePorts: ReadonlySet<number>;
}): OwnAddresses {
  const relay = new Set(own.relay.map(addressKey));
  const machine = new Set(own.machine.map(addressKey));
  const { servicePorts } = own;

  const ownerOf = (address: IpAddress): AddressOwner => {
    const key = addressKey(address);
    if (relay.has(key)) return 'relay';
    return machine.has(key) || isLoopbackIpv4(address) ? 'machine' : 'foreign';
  };
  return {
    servicePorts,
    ownerOf,
    noteRelayAddresses: (addresses) => {
      for (const address of addresses) relay.add(addressKey(address));
    },
    noteMachineAddresses: (addresses) => {
      for (const address of addresses) machine.add(addressKey(address));
    },
    isService: (address) => servicePorts.has(address.port) && ownerOf(address) !== 'foreign',
  };
}

/** All of 127.0.0.0/8 ends on this machine, not only the address that the interface shows. */
function isLoopbackIpv4({ family, address }: IpAddress): boolean {
  return family === 4 && address[0] === 127;
}
