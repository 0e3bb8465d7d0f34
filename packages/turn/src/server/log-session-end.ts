import type { Logger } from './turn-server-options.ts';
import type { TurnAddress, TurnEvent } from './turn-session.ts';

/** The one line of an allocation's life. */
export function logSessionEnd(
  logger: Logger,
  { session, cause, durationMs }: Extract<TurnEvent, { kind: 'allocation-ended' }>,
): void {
  const { id, account, transport, client, relayed, bytesFromClient, bytesToClient } = session;
  logger.info('a relay session ended', {
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

function formatAddress({ address, port }: TurnAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
