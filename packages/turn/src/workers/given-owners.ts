import type { IpAddress, TransportAddress } from '@callbox/stun';
import { addressKey } from '../allocation/address-key.ts';
import type { AddressOwner, OwnAddresses } from '../policy/own-addresses.ts';

/** Whose addresses are, in a worker: what main says of those that it speaks of. */
export class GivenOwners implements OwnAddresses {
  readonly servicePorts = new Set<number>();
  #address = '';
  #owner: AddressOwner = 'foreign';

  /** To be called before the address is used in a route. */
  note(address: IpAddress, owner: AddressOwner): void {
    this.#address = addressKey(address);
    this.#owner = owner;
  }

  ownerOf(address: IpAddress): AddressOwner {
    if (addressKey(address) !== this.#address) throw new Error('nobody has said whose address this is');
    return this.#owner;
  }

  noteRelayAddresses(): void {
    // Main knows them.
  }

  noteMachineAddresses(): void {
    // Main knows them.
  }

  isService(address: TransportAddress): boolean {
    return this.servicePorts.has(address.port) && this.ownerOf(address) !== 'foreign';
  }
}
