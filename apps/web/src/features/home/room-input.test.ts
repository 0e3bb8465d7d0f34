import { describe, expect, it } from 'vitest';
import { parseRoomInput } from './room-input.ts';

const origin = 'https://calls.example';

describe('parseRoomInput', () => {
  const read = (text: string) => parseRoomInput(text, [`${origin}/`, 'https://192.168.1.5:8080/'], 64);

  it.each([
    ['standup', 'standup'],
    ['  My Room ', 'my-room'],
    ['https://calls.example/r/standup', 'standup'],
    ['https://calls.example/r/standup?x=1#y', 'standup'],
    ['calls.example/r/standup', 'standup'],
    ['/r/standup', 'standup'],
    ['r/standup', 'standup'],
    ['192.168.1.5:8080/r/standup', 'standup'],
    ['https://192.168.1.5:8080/r/standup', 'standup'],
  ])('reads %j as the room %s', (text, room) => {
    expect(read(text)).toEqual({ kind: 'room', room });
  });

  it('takes an address of this server without its scheme for what it is with it', () => {
    const bases = ['http://localhost:8080/', 'https://192.0.2.2:8080/'] as const;
    for (const text of [
      '192.0.2.2:8080/r/standup',
      'https://192.0.2.2:8080/r/standup',
      'localhost:8080/r/standup',
    ]) {
      expect(parseRoomInput(text, bases, 64)).toEqual({ kind: 'room', room: 'standup' });
    }
  });

  it('leads to a room on another server', () => {
    expect(read('https://other.example/r/standup')).toEqual({
      kind: 'elsewhere',
      url: 'https://other.example/r/standup',
    });
  });

  it('tells rooms of this server from those beside its path', () => {
    const readBelow = (text: string) => parseRoomInput(text, [`${origin}/calls/`], 64);
    for (const text of ['calls.example/calls/r/standup', '/calls/r/standup', 'r/standup', 'standup']) {
      expect(readBelow(text)).toEqual({ kind: 'room', room: 'standup' });
    }
    for (const url of [`${origin}/r/standup`, 'https://other.example/a/b/r/standup']) {
      expect(readBelow(url)).toEqual({ kind: 'elsewhere', url });
    }
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['https://calls.example/', 'not-a-call'],
    ['https://other.example/watch?v=1', 'not-a-call'],
    ['javascript:alert(1)//r/x', 'invalid'],
    ['---', 'invalid'],
    ['a!b', 'invalid'],
    ['a'.repeat(65), 'too-long'],
  ])('refuses %j: %s', (text, reason) => {
    const result = read(text);
    expect(result).toEqual({ kind: 'refused', reason });
  });

  it.each(['javascript:/r/x', 'data:/r/x', 'javascript://x/r/a', 'file:///r/x'])(
    'leads nowhere but to web pages with %s',
    (text) => {
      const result = read(text);
      expect(result.kind === 'elsewhere' ? result.url : 'https:').toMatch(/^https?:/);
    },
  );
});
