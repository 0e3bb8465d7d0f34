import { limits } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import { readChatText, writeChatPayload } from './chat-payload.ts';

describe('a line of chat among the messages of old pages', () => {
  it.each([
    ['hello', 'hello'],
    [{ message: 'hello' }, 'hello'],
    [{ message: '你好', nick: 'Ana' }, '你好'],
  ])('is a text, alone or with a name: %j', (payload, text) => {
    expect(readChatText('chat', payload)).toBe(text);
  });

  it.each([
    ['of another type', 'cursor', { message: 'hello' }],
    ['without a text', 'chat', { text: 'hello' }],
    ['with more than a name', 'chat', { message: 'hello', room: 7 }],
    ['with a name that is none', 'chat', { message: 'hello', nick: 7 }],
    ['empty', 'chat', ' '],
    ['too long for the room', 'chat', 'x'.repeat(limits.chatTextLength + 1)],
    ['absent', 'chat', null],
    ['a number', 'chat', 5],
    ['without a type', undefined, 'hello'],
  ])('is not one %s', (_case, type, payload) => {
    expect(readChatText(type, payload)).toBeNull();
  });

  it('comes back as it went', () => {
    expect(writeChatPayload('hello', 'Ana')).toEqual({ message: 'hello', nick: 'Ana' });
    expect(writeChatPayload('hello', '')).toEqual({ message: 'hello' });
  });
});
