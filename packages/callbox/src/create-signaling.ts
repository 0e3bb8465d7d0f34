import type { IncomingMessage } from 'node:http';
import type { IceGrant } from '@callbox/contract';
import {
  createSignalingServer,
  type Approach,
  type IceRequest,
  type SignalingServer,
  type SignalingServerOptions,
} from '@callbox/signaling';
import type { Logger } from '@callbox/turn';
import type { Config } from './config/config.ts';
import { createBrowserAddresses } from './network/browser-addresses.ts';
import type { Surroundings } from './surroundings.ts';

export interface SignalingOptions extends Pick<
  SignalingServerOptions,
  'journal' | 'onPresence' | 'isOriginAllowed'
> {
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly issue: (request: IceRequest) => IceGrant;
  /** Names this run of our own relay; undefined where none runs here. */
  readonly relayInstanceId: string | undefined;
  readonly readApproach: (request: IncomingMessage) => Approach;
  readonly logger: Logger;
}

/** Makes the signaling server after the configuration. It learns from guests how they reach us. */
export function createSignaling(options: SignalingOptions): SignalingServer {
  const { config, surroundings, issue, relayInstanceId, logger, ...rest } = options;
  const { addresses, publicAddresses, directory } = surroundings;
  const guests = createBrowserAddresses({
    directory,
    isKnown: (address) =>
      addresses.current().network.includes(address) ||
      publicAddresses.current().some((known) => known.address === address),
    onFound: (address) =>
      logger.warn('guests come by a public address that nobody has told: the next start will believe it', {
        flag: `--public-address ${address}`,
      }),
  });
  return createSignalingServer({
    ...rest,
    maxParticipants: config.maxParticipants,
    graceSeconds: config.grace,
    issueIceServers(request) {
      guests.note(request);
      const grant = issue(request);
      // What was allocated at our own relay does not outlive this run of it.
      return relayInstanceId === undefined ? grant : { ...grant, relayInstanceId };
    },
    logger,
  });
}
