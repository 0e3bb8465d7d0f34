import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PublicAddress } from './find-public-addresses.ts';
import { openPublicAddressBook } from './public-address-book.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const before: readonly PublicAddress[] = [{ address: '5.5.5.2', origin: 'domain' }];
const after: readonly PublicAddress[] = [{ address: '5.5.5.3', origin: 'domain' }];

test('it follows what is found, tells of each change once, and says what was believed before', async () => {
  const find = vi.fn((_before: readonly PublicAddress[]) => Promise.resolve(before));
  const book = await openPublicAddressBook({ find });
  const changed = vi.fn();
  book.onChanged(changed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([book.current(), changed.mock.calls.length]).toEqual([before, 0]);
  find.mockResolvedValue(after);
  await vi.advanceTimersByTimeAsync(120_000);
  expect([book.current(), changed.mock.calls.length]).toEqual([after, 1]);
  expect(find.mock.calls.map(([believed]) => believed)).toEqual([[], before, before, after]);
  book.stop();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(find).toHaveBeenCalledTimes(4);
});

test('it can be made to look at once, and a look that fails changes nothing', async () => {
  const find = vi.fn(() => Promise.resolve(before));
  const book = await openPublicAddressBook({ find });
  find.mockRejectedValueOnce(new Error('no resolver'));
  await book.look();
  expect(book.current()).toEqual(before);
  find.mockResolvedValue(after);
  await book.look();
  expect(book.current()).toEqual(after);
  book.stop();
});
