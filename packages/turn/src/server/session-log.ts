import { parseIpAddress } from '@callbox/stun';
import { createAnswerLimiter, type AnswerLimiter } from '../auth/answer-limiter.ts';
import type { Logger } from './turn-server-options.ts';
import type { TurnAddress, TurnEvent } from './turn-session.ts';

/**
 * Lines at `info` from one source: three hundred that end at once, and one per second, which is more than any browser makes.
 * Whoever makes and deletes allocations without end must not fill a disk.
 */
const RATE = { burst: 300, perSecond: 1 };
const TABLE_BITS = 10;

/** The one line of each allocation's life; at `debug` for a source that has too many. */
export class SessionLog {
  readonly #logger: Logger;
  readonly #limiter: AnswerLimiter;

  constructor(logger: Logger, seed: number) {
    this.#logger = logger;
    this.#limiter = createAnswerLimiter(RATE, seed, TABLE_BITS);
  }

  noteEnd(
    { session, cause, durationMs }: Extract<TurnEvent, { kind: 'allocation-ended' }>,
    nowMs: number,
  ): void {
    const { id, account, transport, client, relayed, bytesFromClient, bytesToClient } = session;
    const source = parseIpAddress(client.address);
    const level = source === undefined || this.#limiter.mayAnswer(source, nowMs) ? 'info' : 'debug';
    this.#logger[level]('a relay session ended', {
      cause,
      id,
      account,
      transport,
      client: formatAddress(client),
      ports: relayed.map(({ port }) => port),
      seconds: Math.round(durationMs / 1000),
      bytesFromClient,
      bytesToClient,
    });
  }
}

function formatAddress({ address, port }: TurnAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
