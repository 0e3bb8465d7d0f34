import { describe, expect, test } from 'vitest';
import type { Logger } from './turn-server-options.ts';
import type { TurnEvent } from './turn-session.ts';
import { SessionLog } from './session-log.ts';

function ended(address: string): Extract<TurnEvent, { kind: 'allocation-ended' }> {
  return {
    kind: 'allocation-ended',
    cause: 'deleted',
    durationMs: 1500,
    session: {
      id: 1,
      account: 'alice',
      transport: 'udp',
      client: { address, port: 40_000 },
      relayed: [{ address: '203.0.113.1', port: 50_000 }],
      createdAtEpochMs: 0,
      expiresAtEpochMs: 0,
      permissions: 0,
      channels: 0,
      packetsFromClient: 0,
      bytesFromClient: 0,
      packetsToClient: 0,
      bytesToClient: 0,
    },
  };
}

function open(): { readonly log: SessionLog; readonly levels: string[] } {
  const levels: string[] = [];
  const write = (level: string) => () => void levels.push(level);
  const logger: Logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  };
  return { log: new SessionLog(logger, 1), levels };
}

describe('the log of sessions', () => {
  test('has a line for each that ends, up to three hundred at once from one source and one a second', () => {
    const { log, levels } = open();
    for (let count = 0; count < 1000; count += 1) log.noteEnd(ended('198.51.100.1'), 1000);
    expect(levels.filter((level) => level === 'info')).toHaveLength(300);
    expect(levels.filter((level) => level === 'debug')).toHaveLength(700);
    log.noteEnd(ended('198.51.100.1'), 2000);
    expect(levels.at(-1)).toBe('info');
  });

  test('is not silenced for others by one source', () => {
    const { log, levels } = open();
    for (let count = 0; count < 1000; count += 1) log.noteEnd(ended('198.51.100.1'), 1000);
    log.noteEnd(ended('2001:db8::1'), 1000);
    expect(levels.at(-1)).toBe('info');
  });
});
