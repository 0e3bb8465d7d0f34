import { describe, expect, it } from 'vitest';
import { createChatCopies } from './chat-copies.ts';

const to = (receiver: string, fields = {}) => ({ to: receiver, roomType: 'video', sid: '1', ...fields });

describe('the copies of a line of chat', () => {
  it('are one line, however many connections carry it', () => {
    const copies = createChatCopies();
    expect(copies.isNews('hi', to('ana'), 0)).toBe(true);
    for (const message of [to('bo'), to('ana', { roomType: 'screen' }), to('ana', { sid: '2' })]) {
      expect(copies.isNews('hi', message, 1)).toBe(false);
    }
  });

  it('are a line of their own when one connection carries the same again', () => {
    const copies = createChatCopies();
    copies.isNews('hi', to('ana'), 0);
    copies.isNews('hi', to('bo'), 0);
    expect(copies.isNews('hi', to('ana'), 1)).toBe(true);
    expect(copies.isNews('hi', to('bo'), 1)).toBe(false);
  });

  it('are no copies when they come later, or say something else', () => {
    const copies = createChatCopies();
    copies.isNews('hi', to('ana'), 0);
    expect(copies.isNews('hi', to('bo'), 2_000)).toBe(true);
    expect(copies.isNews('ho', to('cleo'), 2_000)).toBe(true);
  });

  it('are not remembered without end', () => {
    const copies = createChatCopies();
    const isNews = Array.from({ length: 1_000 }, (_, index) => copies.isNews('hi', to(`p${index}`), 0));
    expect(isNews.filter(Boolean)).toHaveLength(1);
  });
});
