import type { TurnAddress, TurnSession } from '@callbox/turn';
import { parseGuestAccount } from '../turn/guest-name.ts';
import { formatOctets } from './format-octets.ts';
import { formatDuration } from './render-status.ts';

function formatAddress({ address, port }: TurnAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

const headings = ['id', 'participant', 'by', 'client', 'relayed', 'for', 'from client', 'to client'] as const;

function describe(session: TurnSession, nowMs: number): readonly string[] {
  return [
    String(session.id),
    parseGuestAccount(session.account)?.participantId ?? session.account,
    session.transport,
    formatAddress(session.client),
    session.relayed.map(formatAddress).join(' '),
    formatDuration(Math.max(0, nowMs - session.createdAtEpochMs) / 1_000),
    formatOctets(session.bytesFromClient),
    formatOctets(session.bytesToClient),
  ];
}

/** What `callbox sessions` prints: a line for each, or a sentence when there is none. */
export function renderSessions(sessions: readonly TurnSession[], nowMs: number): string {
  if (sessions.length === 0) return 'The relay carries nothing.\n';
  const rows = [headings, ...sessions.map((session) => describe(session, nowMs))];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
