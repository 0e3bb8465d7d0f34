import type { Logger, TurnServerOptions } from '@callbox/turn';
import type { Config } from '../config/config.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';
import { chooseRelayAddresses } from './choose-relay-addresses.ts';
import { listTurnListeners } from './list-turn-listeners.ts';
import type { TurnSecrets } from './load-turn-secrets.ts';

/** What the relay is started with. */
export function createTurnOptions(
  config: Config,
  secrets: TurnSecrets,
  local: LocalAddresses,
  logger: Logger,
): TurnServerOptions {
  return {
    realm: config.realm,
    users: new Map(config.turnUser.map(({ name, password }) => [name, password])),
    sharedSecrets: config.turnSecret.length > 0 ? config.turnSecret : [secrets.sharedSecret],
    nonceKey: secrets.nonceKey,
    listeners: listTurnListeners(local, config.host, config.turnPort),
    relayAddresses: chooseRelayAddresses({
      local,
      host: config.host,
      publicAddresses: config.publicAddress,
    }),
    relayPorts: config.relayPorts,
    allowPeers: config.allowPeer,
    denyPeers: config.denyPeer,
    servicePorts: [config.port, config.signalPort],
    logger,
  };
}
