import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answerSchema, parseWith, type ParticipantId } from '@callbox/contract';

/** Reads the answer to `room-join`: one's own id, or why there is none. */
export function readJoinAnswer(message: unknown): ParticipantId | string {
  const parsed = parseWith(answerSchema('room-join'), message);
  if (!parsed.ok) return `not an answer: ${parsed.reason}`;
  const answer = parsed.value;
  return answer.ok ? answer.value.self.id : answer.error.code;
}

test('the example of README.md is the code of this file, and does what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/su.exec(readme)?.[1];
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain(example);

  expect(readJoinAnswer({ ok: false, error: { code: 'room-full', message: 'full' } })).toBe('room-full');
  expect(readJoinAnswer({ ok: true, value: {} })).toMatch(/^not an answer: value\./);
  const media = { audio: true, video: true, screen: false };
  const value = {
    room: 'blue',
    self: { id: 'abc', displayName: '', media, joinedAtMs: 1 },
    participants: [],
    chat: [],
    ice: { iceServers: [], lifetimeSeconds: 60 },
    maxParticipants: 8,
    instanceId: 'x',
  };
  expect(readJoinAnswer({ ok: true, value })).toBe('abc');
});
