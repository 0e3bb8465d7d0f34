import { describe, expect, it } from 'vitest';
import { timeOfMessage } from './time-of-message.ts';

describe('timeOfMessage', () => {
  const noon = new Date(2026, 10, 23, 12).getTime();

  it('says the time of what was sent today', () => {
    expect(timeOfMessage('en', noon - 5 * 60_000, noon)).toMatch(/^11:55\sAM$/);
    expect(timeOfMessage('zh-CN', noon - 5 * 60_000, noon)).toBe('11:55');
  });

  it('says the date, too, of what was not', () => {
    expect(timeOfMessage('en', noon - 13 * 3_600_000, noon)).toMatch(/^Nov 22, 11:00\sPM$/);
    expect(timeOfMessage('zh-CN', noon - 13 * 3_600_000, noon)).toBe('11月22日 23:00');
  });
});
