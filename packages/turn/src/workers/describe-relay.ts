import type { TransportAddress } from '@callbox/stun';
import type { Relay } from '../plane/forwarding/relay.ts';
import { addressOfHostWords } from '../plane/host-words.ts';
import type { RelayPort } from '../plane/route-change.ts';
import type { KnownRelay } from './worker-command.ts';

/** A relay as it is now, for a worker that does not know it yet. */
export function describeRelay(
  relay: Relay,
  cells: { readonly cell: number; readonly accountCell: number },
): KnownRelay {
  const ports = ([4, 6] as const).flatMap((family): readonly RelayPort[] => {
    const host = relay.hostOf(family);
    if (host === undefined) return [];
    const { local, advertised } = host;
    return [{ family, port: relay.portOf(family), address: { local, advertised } }];
  });
  return {
    id: relay.id,
    client: relay.path,
    account: relay.share.account,
    ports,
    ...cells,
    peers: Array.from(relay.peers.values(), ({ words, family, owner, isPermitted }) => ({
      address: addressOfHostWords(words, family),
      owner,
      isPermitted,
    })),
    channels: Array.from(relay.channels, ([channel, { peer, port }]) => {
      const address: TransportAddress = { ...addressOfHostWords(peer.words, peer.family), port };
      return { channel, peer: address, owner: peer.owner };
    }),
  };
}
