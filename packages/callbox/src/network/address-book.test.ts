import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openAddressBook } from './address-book.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const home = { loopback: ['127.0.0.1'], network: ['192.168.1.5'] };
const office = { loopback: ['127.0.0.1'], network: ['10.0.0.7'] };

test('it follows a machine to another network, and tells of that once', async () => {
  const find = vi.fn(() => Promise.resolve(home));
  const book = await openAddressBook({ find });
  const changed = vi.fn();
  book.onChanged(changed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changed).not.toHaveBeenCalled();
  find.mockResolvedValue(office);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(book.current()).toEqual(home);
  await vi.advanceTimersByTimeAsync(1);
  expect(book.current()).toEqual(office);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changed).toHaveBeenCalledExactlyOnceWith(home);
  book.stop();
});

test('a look that fails changes nothing, and does not end the looking', async () => {
  const find = vi.fn(() => Promise.resolve(home));
  const book = await openAddressBook({ find });
  find.mockRejectedValueOnce(new Error('no interfaces'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(book.current()).toEqual(home);
  find.mockResolvedValue(office);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(book.current()).toEqual(office);
  book.stop();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(find).toHaveBeenCalledTimes(3);
});
