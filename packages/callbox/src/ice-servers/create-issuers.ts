import { randomUUID } from 'node:crypto';
import type { IceGrant, ParticipantId, RoomName } from '@callbox/contract';
import type { Approach, IceRequest } from '@callbox/signaling';
import type { Config } from '../config/config.ts';
import type { Surroundings } from '../surroundings.ts';
import { createIceServerIssuer, lifetimeForChecksSeconds } from './create-ice-server-issuer.ts';
import { describeRelay } from './describe-relay.ts';

/** Tells of ICE servers, with credentials. */
export interface Issuers {
  readonly forParticipant: (request: IceRequest) => IceGrant;
  /** For a room and a participant that nobody else is or will be: what is relayed reaches them alone. */
  readonly forNobody: (approach: Approach) => IceGrant;
}

export interface IssuersOptions {
  readonly config: Config;
  readonly surroundings: Surroundings;
  /** Whether our own relay takes newcomers; undefined where none runs here. */
  readonly isRelayOpen: (() => boolean) | undefined;
}

/** Makes what issues ICE servers for guests of rooms, and for those who only try them. */
export function createIssuers({ config, surroundings, isRelayOpen }: IssuersOptions): Issuers {
  const create = (lifetimeSeconds?: number) =>
    createIceServerIssuer({
      findRelay: () => (isRelayOpen === undefined ? undefined : describeRelay(config, surroundings)),
      turnUrls: config.turnUrl,
      iceServers: config.iceServer,
      turnOrigins: config.turnOrigin,
      secret: config.turnSecret[0] ?? surroundings.secrets.sharedSecret,
      isRelayOpen: isRelayOpen ?? (() => true),
      ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
      now: Date.now,
    });
  const issueForCheck = create(lifetimeForChecksSeconds);
  return {
    forParticipant: create(),
    forNobody(approach) {
      const nobody = `check-${randomUUID()}`;
      const [participantId, room] = [nobody as ParticipantId, nobody as RoomName];
      return issueForCheck({ ...approach, participantId, room });
    },
  };
}
