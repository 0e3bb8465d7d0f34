import { describe, expect, it } from 'vitest';
import {
  dropTicket,
  keepTicket,
  takeTicket,
  type ReturnTicket,
  type TicketStorage,
} from './return-ticket.ts';

function createStorage(): TicketStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

const ticket: ReturnTicket = {
  room: 'standup',
  microphone: true,
  camera: false,
  readCount: 3,
  sinceMs: 400,
  seat: 'seat',
  savedAtMs: 1_000,
};
const page = { isReload: true, room: 'standup', nowMs: 2_000 };

describe('the ticket back into a call', () => {
  it('is good once, for the reloaded page', () => {
    const storage = createStorage();
    keepTicket(storage, ticket);
    expect(takeTicket(storage, page)).toEqual(ticket);
    expect(takeTicket(storage, page)).toBeNull();
  });

  it.each([
    ['a page that was not reloaded', { ...page, isReload: false }],
    ['another room', { ...page, room: 'family' }],
    ['a page without a room', { ...page, room: null }],
    ['a page that comes a minute later', { ...page, nowMs: 61_001 }],
    ['a clock that was set back', { ...page, nowMs: 999 }],
  ])('is no good for %s, and gone', (_what, other) => {
    const storage = createStorage();
    keepTicket(storage, ticket);
    expect(takeTicket(storage, other)).toBeNull();
    expect(takeTicket(storage, page)).toBeNull();
  });

  it('is gone when the browser brings the page back as it was', () => {
    const storage = createStorage();
    keepTicket(storage, ticket);
    dropTicket(storage);
    expect(takeTicket(storage, page)).toBeNull();
  });

  it.each([-1, 0.5, 1_000])('goes on from the start of the stay (%d)', (sinceMs) => {
    const storage = createStorage();
    keepTicket(storage, { ...ticket, sinceMs });
    expect(takeTicket(storage, page)).toEqual({ ...ticket, sinceMs });
  });

  it.each(['"400"', 'null', '{}', '1001', '1e400', '-1e400', '-2678400001'])(
    'is good for the rest where its start is %s',
    (sinceMs) => {
      const storage = createStorage();
      const text = JSON.stringify({ ...ticket, sinceMs: 0 }).replace('"sinceMs":0', `"sinceMs":${sinceMs}`);
      storage.setItem('callbox.return', text);
      expect(takeTicket(storage, page)).toEqual({ ...ticket, sinceMs: null });
    },
  );

  it('of a page that knew nothing of seats and chat is good for the rest', () => {
    const storage = createStorage();
    storage.setItem('callbox.return', '{"room":"standup","microphone":true,"savedAtMs":1000,"seat":7}');
    expect(takeTicket(storage, page)).toEqual({ ...ticket, readCount: 0, sinceMs: null, seat: null });
  });

  it.each(['', 'null', '7', '{}', '{"room":"standup"}', '{"room":7,"savedAtMs":1000}'])(
    'is none where storage holds %j',
    (text) => {
      const storage = createStorage();
      storage.setItem('callbox.return', text);
      expect(takeTicket(storage, page)).toBeNull();
    },
  );

  it('is done without where storage is forbidden', () => {
    const forbidden = (): never => {
      throw new DOMException('', 'SecurityError');
    };
    const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    keepTicket(storage, ticket);
    expect(takeTicket(storage, page)).toBeNull();
  });
});
