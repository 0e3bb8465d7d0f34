import type { Socket as EngineSocket } from 'engine.io';
import {
  createMessageMeter,
  messageCost,
  type MessageAllowance,
  type MessageMeter,
} from './message-meter.ts';
import type { Logger } from './signaling-server-options.ts';

/** Characters that may wait for a reader before it is given up. The longest chat history is a quarter of that. */
const mostWaiting = 8_388_608;

/**
 * Bounds what one connection can cost: it is closed when it sends far beyond its allowance, whatever it sends, and when it
 * leaves what is written to it unread.
 *
 * @returns the meter, for the gentler limit that is answered with a refusal.
 */
export function guardConnection(
  connection: EngineSocket,
  allowance: MessageAllowance,
  logger: Logger,
): MessageMeter {
  const meter = createMessageMeter(allowance);
  let waiting = 0;
  let isGivenUp = false;

  function giveUp(reason: string): void {
    if (isGivenUp) return;
    isGivenUp = true;
    logger.warn('connection closed by its guard', { reason });
    // Not now: a connection that ends in the middle of a delivery would be told of to those who wait for theirs.
    queueMicrotask(() => connection.close(true));
  }

  connection.on('packet', (packet: { readonly data?: { readonly length: number } }) => {
    meter.add(messageCost(packet.data?.length ?? 0), performance.now());
    if (meter.isFlooded()) giveUp('it sends too much');
  });
  connection.on('packetCreate', (packet: { readonly data?: { readonly length: number } }) => {
    waiting += packet.data?.length ?? 0;
    if (waiting > mostWaiting) giveUp('it does not read');
  });
  connection.on('flush', () => {
    waiting = 0;
  });
  return meter;
}
