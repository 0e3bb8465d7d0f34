import { readFileSync } from 'node:fs';
import { createTurnServer } from '@callbox/turn';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

test('the example of README.md is the one that is type-checked and run', () => {
  const example = /```ts\n(.*?)```/su.exec(readme)?.[1];
  expect(example).toBe(read('../../../examples/turn-server/main.ts'));
});

test('README.md lists every counter and gauge, and none that does not exist', () => {
  const server = createTurnServer({
    realm: 'callbox.test',
    listeners: [],
    relayAddresses: [],
    relayPorts: { min: 61_000, max: 65_535 },
  });
  const names = Object.keys({ ...server.counters(), ...server.gauges() });
  const section = /## Counters\n(.*?)\n## /su.exec(readme)?.[1] ?? '';
  const listed = Array.from(section.matchAll(/`([a-z0-9_]+)`/gu), ([, name]) => name);
  expect(listed.toSorted()).toEqual(names.toSorted());
});
