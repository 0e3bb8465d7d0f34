import { expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from './create-logger.ts';

function record(options: Pick<LoggerOptions, 'level' | 'format'>): {
  lines: string[];
  logger: ReturnType<typeof createLogger>;
} {
  const lines: string[] = [];
  const now = () => new Date(2026, 0, 2, 3, 4, 5);
  return { lines, logger: createLogger({ ...options, now, write: (line) => void lines.push(line) }) };
}

test('people get a line of text with the details after it', () => {
  const { lines, logger } = record({ level: 'info', format: 'text' });
  logger.warn('a connection was closed', {
    reason: 'it sends too much',
    remote: '203.0.113.45:5000',
    count: 3,
  });
  expect(lines).toEqual([
    '03:04:05 warn  a connection was closed reason="it sends too much" remote=203.0.113.x:5000 count=3\n',
  ]);
});

test('programs get one JSON object per line', () => {
  const { lines, logger } = record({ level: 'info', format: 'json' });
  logger.error('it broke', {
    error: new Error('no\nway'),
    from: { address: '203.0.113.45' },
    all: ['203.0.113.45'],
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: new Date(2026, 0, 2, 3, 4, 5).toISOString(),
    level: 'error',
    message: 'it broke',
    error: 'no\nway',
    from: { address: '203.0.113.x' },
    all: ['203.0.113.x'],
  });
});

test('nothing below the level is written', () => {
  const { lines, logger } = record({ level: 'warn', format: 'text' });
  logger.debug('a');
  logger.info('b');
  logger.warn('c');
  logger.error('d');
  expect(lines.map((line) => line.trimEnd().at(-1))).toEqual(['c', 'd']);
});
