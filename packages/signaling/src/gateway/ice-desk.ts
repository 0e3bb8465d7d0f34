import type { IceGrant, ParticipantId } from '@callbox/contract';
import type { IceRequest, Logger } from './signaling-server-options.ts';

export interface IceDeskOptions {
  readonly issueIceServers: (request: IceRequest) => IceGrant;
  /** Hands a participant what it has not asked for. */
  readonly deliver: (id: ParticipantId, grant: IceGrant) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** Issues ICE servers, and replaces them before their credentials end for as long as their owner is in a room. */
export interface IceDesk {
  issue(request: IceRequest): IceGrant;
  /** The participant has gone. */
  forget(id: ParticipantId): void;
  /** Replaces what is half over. To be called now and then. */
  renewDue(): void;
  renewAll(): void;
}

/** The share of their life after which credentials are replaced: early enough for a client that sleeps meanwhile. */
const renewAfterShare = 0.5;

interface Issued {
  readonly request: IceRequest;
  readonly renewAtMs: number;
}

export function createIceDesk({ issueIceServers, deliver, now, logger }: IceDeskOptions): IceDesk {
  const issued = new Map<ParticipantId, Issued>();

  function issue(request: IceRequest): IceGrant {
    const grant = issueIceServers(request);
    const renewAtMs = now() + grant.lifetimeSeconds * 1_000 * renewAfterShare;
    issued.set(request.participantId, { request, renewAtMs });
    return grant;
  }

  function renew({ request }: Issued): void {
    try {
      deliver(request.participantId, issue(request));
    } catch (error) {
      // Tried again at the next look: what they have still opens new allocations.
      logger.error('ICE servers could not be renewed', { participantId: request.participantId, error });
    }
  }

  return {
    issue,
    forget: (id) => void issued.delete(id),
    renewDue() {
      const nowMs = now();
      for (const entry of issued.values()) if (entry.renewAtMs <= nowMs) renew(entry);
    },
    renewAll() {
      for (const entry of issued.values()) renew(entry);
    },
  };
}
