import { formatIpAddress, type IpAddress } from '@callbox/stun';
import { createAnswerLimiter, type AnswerLimiter } from '../auth/answer-limiter.ts';
import type { TurnErrorCode } from '../codec/error-code.ts';
import type { Refusal, RefusalReason } from '../control/refusal.ts';
import type { Logger } from './turn-server-options.ts';

type Topic = 'credentials' | 'peers' | 'capacity';

/** What is told of draining is told by whoever drains. */
const TOPICS: Readonly<Record<RefusalReason, Topic | undefined>> = {
  'wrong-password': 'credentials',
  'unknown-user': 'credentials',
  'expired-credential': 'credentials',
  'peer-not-allowed': 'peers',
  'own-service': 'peers',
  'account-quota': 'capacity',
  'source-quota': 'capacity',
  'total-quota': 'capacity',
  'no-relay-port': 'capacity',
  'relay-port-taken': 'capacity',
  'permission-limit': 'capacity',
  'channel-limit': 'capacity',
  draining: undefined,
};

/**
 * Peers are for those who look for them: browsers ask for every address that the other side has, private ones too, so that
 * in each call some are refused. Short capacity is for whoever runs the server.
 */
const LEVELS: Readonly<Record<Topic, 'debug' | 'info' | 'warn'>> = {
  credentials: 'info',
  peers: 'debug',
  capacity: 'warn',
};

/** One line per source, topic and minute. */
const RATE = { burst: 1, perSecond: 1 / 60 };
const TABLE_BITS = 10;

/** Refusals that are worth a line, so few of them that nobody can fill a disk; in memory of fixed size. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #limiters: Readonly<Record<Topic, AnswerLimiter>>;

  constructor(logger: Logger, seed: number) {
    this.#logger = logger;
    const createLimiter = (): AnswerLimiter => createAnswerLimiter(RATE, seed, TABLE_BITS);
    this.#limiters = { credentials: createLimiter(), peers: createLimiter(), capacity: createLimiter() };
  }

  note(
    refusal: Refusal,
    from: { readonly code: TurnErrorCode; readonly client: IpAddress; readonly nowMs: number },
  ): void {
    const { reason, account, peer } = refusal;
    const topic = TOPICS[reason];
    if (topic === undefined || !this.#limiters[topic].mayAnswer(from.client, from.nowMs)) return;
    this.#logger[LEVELS[topic]](
      'a relay request was refused; more like it from there go unsaid for a minute',
      {
        reason,
        code: from.code,
        client: formatIpAddress(from.client.address),
        ...(account === undefined ? {} : { account }),
        ...(peer === undefined ? {} : { peer: formatIpAddress(peer.address) }),
      },
    );
  }
}
