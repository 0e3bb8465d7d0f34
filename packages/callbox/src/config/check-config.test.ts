import { expect, test } from 'vitest';
import { findNotices } from './check-config.ts';
import { loadConfig } from './load-config.ts';

async function noticesOf(line: string): Promise<readonly string[]> {
  const command = await loadConfig(line.split(' ').filter(Boolean), {});
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  return findNotices(command.config);
}

test.each([
  '',
  '--roles turn --turn-secret s',
  '--roles turn --turn-user a:b',
  '--roles web --signaling-url https://s.example',
  '--roles signaling --turn-url turn:r.example --turn-secret s --allow-origin https://p.example',
  '--roles signaling --turn-url stun:r.example --allow-origin https://p.example',
])('there is nothing to say about "%s"', async (line) => {
  expect(await noticesOf(line)).toEqual([]);
});

test('signaling without a relay says that only direct calls will work', async () => {
  expect(await noticesOf('--roles signaling,web')).toEqual([
    'No relay is known here (--turn-url): only calls between networks that can reach each other will work.',
  ]);
});

test('signaling without pages says that no page may use it', async () => {
  expect(await noticesOf('--roles signaling,turn')).toEqual([
    'No page may use this signaling yet: name its origin with --allow-origin.',
  ]);
});

test('a relay alone without credentials says that nobody can use it', async () => {
  expect(await noticesOf('--roles turn')).toEqual([
    'Nobody has credentials for this relay yet: give --turn-secret, the same as where signaling runs.',
  ]);
});

test('ports of parts that do not run here may be the same', async () => {
  expect(await noticesOf('--roles turn --turn-user a:b --port 3478')).toEqual([]);
});
