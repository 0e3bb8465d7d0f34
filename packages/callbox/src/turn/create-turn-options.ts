import type { Logger, PeerRule, TurnServerOptions } from '@callbox/turn';
import type { Config } from '../config/config.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';
import { chooseRelayAddresses } from './choose-relay-addresses.ts';
import { listTurnListeners } from './list-turn-listeners.ts';
import { deriveNonceKey, type TurnSecrets } from './load-turn-secrets.ts';

/**
 * What the relay is started with.
 *
 * @param peerRule narrows whom guests may reach; undefined leaves it to the lists.
 */
export function createTurnOptions(
  config: Config,
  secrets: TurnSecrets,
  local: LocalAddresses,
  logger: Logger,
  peerRule: PeerRule | undefined,
): TurnServerOptions {
  const [firstSecret] = config.turnSecret;
  return {
    realm: config.realm,
    users: new Map(config.turnUser.map(({ name, password }) => [name, password])),
    sharedSecrets: firstSecret === undefined ? [secrets.sharedSecret] : config.turnSecret,
    nonceKey: firstSecret === undefined ? secrets.nonceKey : deriveNonceKey(firstSecret),
    listeners: listTurnListeners(local, config.host, config.turnPort),
    relayAddresses: chooseRelayAddresses({
      local,
      host: config.host,
      publicAddresses: config.publicAddress,
    }),
    relayPorts: config.relayPorts,
    allowPeers: config.allowPeer,
    denyPeers: config.denyPeer,
    ...(peerRule === undefined ? {} : { peerPolicy: peerRule }),
    limits: {
      allocationsTotal: config.maxAllocations,
      allocationsPerUser: config.userAllocations,
      connectionsPerSource: config.sourceConnections,
      bytesPerSecondPerUser: config.userRate ?? Number.POSITIVE_INFINITY,
    },
    servicePorts: [config.port, config.signalPort],
    logger,
  };
}
