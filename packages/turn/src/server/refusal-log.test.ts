import { expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { RefusalLog } from './refusal-log.ts';

interface Line {
  readonly level: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

function recorded(): { readonly log: RefusalLog; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (_message: string, details?: Line['details']): void =>
      void lines.push({ level, details });
  const logger = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  return { log: new RefusalLog(logger, 1), lines };
}

const from = (client: string, nowMs = 0, code: 401 | 403 | 486 = 486): Parameters<RefusalLog['note']>[1] => ({
  code,
  client: ip(client),
  nowMs,
});

test('a refusal is one line that says whose it was and why', () => {
  const { log, lines } = recorded();
  log.note({ reason: 'account-quota', account: 'alice' }, from('198.51.100.1'));
  const details = { reason: 'account-quota', code: 486, client: '198.51.100.1', account: 'alice' };
  expect(lines).toEqual([{ level: 'warn', details }]);
});

test('a peer that was refused is named, at a level that few look at', () => {
  const { log, lines } = recorded();
  log.note(
    { reason: 'peer-not-allowed', account: 'alice', peer: ip('10.0.0.5') },
    from('198.51.100.1', 0, 403),
  );
  expect(lines).toMatchObject([{ level: 'debug', details: { peer: '10.0.0.5', code: 403 } }]);
});

test('a source gets one line per minute and topic', () => {
  const { log, lines } = recorded();
  const quota = { reason: 'account-quota', account: 'alice' } as const;
  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) log.note(quota, from('198.51.100.1', nowMs));
  expect(lines).toHaveLength(1);
  log.note(quota, from('198.51.100.2', 59_000));
  log.note({ reason: 'wrong-password', account: 'alice' }, from('198.51.100.1', 59_000, 401));
  expect(lines).toHaveLength(3);
  log.note(quota, from('198.51.100.1', 60_000));
  expect(lines).toHaveLength(4);
});

test('a flood from everywhere is as many lines per minute as the table has places, and no more', () => {
  const { log, lines } = recorded();
  for (let source = 0; source < 20_000; source += 1) {
    const client = `198.${source >> 14}.${(source >> 7) & 127}.${source & 127}`;
    log.note({ reason: 'unknown-user' }, from(client, 1000, 401));
  }
  expect(lines.length).toBeLessThanOrEqual(1024);
  expect(lines.length).toBeGreaterThan(900);
});

test('draining says nothing: whoever drains knows', () => {
  const { log, lines } = recorded();
  log.note({ reason: 'draining', account: 'alice' }, from('198.51.100.1'));
  expect(lines).toEqual([]);
});
