import { describe, expect, it } from 'vitest';
import { readOldRoomName } from './old-room-name.ts';

describe('the room that an old page means', () => {
  it.each([
    ['demo', 'demo'],
    ['Demo Room', 'demo-room'],
    ['会议', '会议'],
    ['room_1', 'room_1'],
    ['room=1', 'room_3d1'],
    ['?demo', 'x_3fdemo'],
    ['a/b#c', 'a_2fb_23c'],
    ['foo%20bar', 'foo_2520bar'],
    ['😀', 'x_1f600'],
    ['__proto__', 'x_5f_5fproto_5f_5f'],
  ])('by %j is %j', (name, room) => {
    expect(readOldRoomName(name)).toEqual({ ok: true, value: room });
  });

  it.each([[''], ['=' + 'x'.repeat(80)], ['x'.repeat(65)]])('does not exist for %j', (name) => {
    expect(readOldRoomName(name)).toMatchObject({ ok: false });
  });
});
