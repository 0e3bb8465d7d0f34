import type { Logger } from '@callbox/turn';
import { listContainerAddresses } from './certificate/list-container-addresses.ts';
import { compareAddresses } from './network/compare-addresses.ts';
import type { Surroundings } from './surroundings.ts';
import type { Relay } from './turn/create-relay.ts';

export interface AddressFollower {
  /** Undefined before it runs, and where it does not run here. */
  readonly relay: () => Relay | undefined;
  /** What guests have been told of ICE servers is not true any more. */
  readonly onIceServersChanged: () => void;
  readonly logger: Logger;
}

/** Follows the machine where it goes. What is made for each guest anew does so by itself, and so does where the relay listens. */
export function followAddresses(
  { addresses, publicAddresses }: Pick<Surroundings, 'addresses' | 'publicAddresses'>,
  { relay, onIceServersChanged, logger }: AddressFollower,
): void {
  const followRelay = (): void =>
    relay()?.follow(
      addresses.current(),
      publicAddresses.current().map(({ address }) => address),
    );
  addresses.onChanged((before) => {
    const containers = listContainerAddresses();
    const change = compareAddresses(before.network, addresses.current().network, containers);
    const { come, gone, isMainChanged, isNews } = change;
    if (isNews) logger.info('the addresses of this machine have changed', { gone, come });
    // Another network may mean another address on the internet.
    void publicAddresses.look().then(followRelay);
    if (isMainChanged) onIceServersChanged();
  });
  publicAddresses.onChanged(() => {
    followRelay();
    onIceServersChanged();
  });
}
