import type { PeerRule, TurnServerOptions } from '@callbox/turn';
import { chooseRelayAddresses } from './choose-relay-addresses.ts';
import { countUsableCores } from './count-usable-cores.ts';
import type { RelayOptions } from './create-relay.ts';
import { listTurnListeners } from './list-turn-listeners.ts';
import { deriveNonceKey } from './load-turn-secrets.ts';

/**
 * What the relay is started with.
 *
 * @param peerRule narrows whom guests may reach; undefined leaves it to the lists.
 */
export function createTurnOptions(
  options: Pick<RelayOptions, 'config' | 'secrets' | 'local' | 'publicAddresses' | 'logger'>,
  peerRule: PeerRule | undefined,
): TurnServerOptions {
  const { config, secrets, local, publicAddresses, logger } = options;
  const [firstSecret] = config.turnSecret;
  return {
    realm: config.realm,
    users: new Map(config.turnUser.map(({ name, password }) => [name, password])),
    userKeys: new Map(config.turnUserKey.map(({ name, key }) => [name, key])),
    sharedSecrets: firstSecret === undefined ? [secrets.sharedSecret] : config.turnSecret,
    nonceKey: firstSecret === undefined ? secrets.nonceKey : deriveNonceKey(firstSecret),
    listeners: listTurnListeners(local, config),
    relayAddresses: chooseRelayAddresses({ local, ...config, publicAddresses }),
    relayPorts: config.relayPorts,
    udpHeadStartMs: 1_000,
    allowPeers: config.allowPeer,
    denyPeers: config.denyPeer,
    ...(peerRule === undefined ? {} : { peerPolicy: peerRule }),
    limits: {
      allocationsTotal: config.maxAllocations,
      allocationsPerUser: config.userAllocations,
      connectionsPerSource: config.sourceConnections,
      allocationsPerSource: config.sourceAllocations,
      bytesPerSecondPerUser: config.userRate ?? Number.POSITIVE_INFINITY,
      bytesPerSecondPerAllocation: config.sessionRate ?? Number.POSITIVE_INFINITY,
    },
    // Those of TCP on the relay's port are ours whether or not it listens on UDP.
    plane: config.relayPlane,
    workers: config.relayWorkers === 'auto' ? { atMost: countUsableCores() } : config.relayWorkers,
    servicePorts: [
      config.port,
      config.signalPort,
      config.turnPort,
      ...(config.turnTlsPort === undefined ? [] : [config.turnTlsPort]),
    ],
    logger,
  };
}
